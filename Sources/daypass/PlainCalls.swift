import ArgumentParser

extension DaypassCommand {
  /// The command of a call that programs make over and over, which needs no parser: `exec PROFILE -- COMMAND…`,
  /// `credential-process PROFILE`, the `list --names` of completions, the `status --prompt` of prompts; nil for every other
  /// call.
  ///
  /// The parser learns by reflection what a command takes, and that is a third of what a call with a cached session
  /// costs.
  static func plainCall(in arguments: [String]) -> (any HostCommand)? {
    switch arguments.first {
    case Exec.name: Exec(plain: arguments.dropFirst())
    case CredentialProcess.name: CredentialProcess(plain: arguments.dropFirst())
    case List.name: List(plain: arguments.dropFirst())
    case Status.name: Status(plain: arguments.dropFirst())
    case .some, .none: nil
    }
  }
}

extension Exec {
  /// With or without `--no-session`.
  fileprivate init?(plain arguments: ArraySlice<String>) {
    let words = arguments.prefix { $0 != "--" }
    let profiles = words.filter { $0 != "--no-session" }
    guard profiles.count == 1, words.count <= 2, words.count < arguments.count,
      let profile = ProfileArgument(plain: profiles.first)
    else { return nil }
    self.init()
    self.profile = profile
    setUsualOptions()
    session.withoutSession = words.count == 2
    server = false
    diagnostics = DiagnosticOptions { $0.debug = false }
    command = Array(arguments.dropFirst(words.count + 1))
  }
}

extension CredentialProcess {
  fileprivate init?(plain arguments: ArraySlice<String>) {
    guard arguments.count == 1, let profile = ProfileArgument(plain: arguments.first) else { return nil }
    self.init()
    self.profile = profile
    setUsualOptions()
    diagnostics = DiagnosticOptions { $0.debug = false }
  }
}

extension List {
  fileprivate init?(plain arguments: ArraySlice<String>) {
    guard arguments == ["--names"] else { return nil }
    self.init()
    pattern = nil
    names = true
    (keys, cached, wide) = (false, false, false)
    output = OutputOptions { $0.json = false }
    diagnostics = DiagnosticOptions { $0.debug = false }
  }
}

extension Status {
  fileprivate init?(plain arguments: ArraySlice<String>) {
    guard arguments == ["--prompt"] else { return nil }
    self.init()
    prompt = true
    output = OutputOptions { $0.json = false }
    diagnostics = DiagnosticOptions { $0.debug = false }
  }
}

extension ProfileArgument {
  /// A word that cannot be an option.
  fileprivate init?(plain word: String?) {
    guard let word, let first = word.utf8.first, first != UInt8(ascii: "-") else { return nil }
    self.init(named: word)
  }
}

// MARK: - Options

extension ParsableArguments {
  /// `set` has to set each property, as the parser does.
  fileprivate init(_ set: (inout Self) -> Void) {
    self.init()
    set(&self)
  }
}

extension CredentialCommand {
  /// What the options are if none is given.
  fileprivate mutating func setUsualOptions() {
    session = SessionOptions {
      $0.withoutSession = false
      ($0.duration, $0.region, $0.mfaCode, $0.prompt) = (nil, nil, nil, nil)
    }
    freshness = FreshnessOptions { ($0.fresh, $0.minLeft) = (false, nil) }
    scope = ScopeOptions {
      $0.service = nil
      $0.others = OtherScopeOptions {
        ($0.readOnly, $0.viewOnly) = (false, false)
        ($0.policy, $0.policyArn, $0.sourceIdentity) = (nil, [], nil)
        ($0.tag, $0.transitiveTag) = ([], [])
      }
    }
  }
}
