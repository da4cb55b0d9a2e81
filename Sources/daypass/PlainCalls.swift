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
    server = false
    self.profile = profile
    session = .usual
    session.withoutSession = words.count == 2
    freshness = .usual
    scope = .none
    diagnostics = .quiet
    command = Array(arguments.dropFirst(words.count + 1))
  }
}

extension CredentialProcess {
  fileprivate init?(plain arguments: ArraySlice<String>) {
    guard arguments.count == 1, let profile = ProfileArgument(plain: arguments.first) else { return nil }
    self.init()
    self.profile = profile
    session = .usual
    freshness = .usual
    scope = .none
    diagnostics = .quiet
  }
}

extension List {
  fileprivate init?(plain arguments: ArraySlice<String>) {
    guard arguments == ["--names"] else { return nil }
    self.init()
    pattern = nil
    names = true
    (keys, cached) = (false, false)
    wide = false
    output = .text
    diagnostics = .quiet
  }
}

extension Status {
  fileprivate init?(plain arguments: ArraySlice<String>) {
    guard arguments == ["--prompt"] else { return nil }
    self.init()
    prompt = true
    output = .text
    diagnostics = .quiet
  }
}

extension ProfileArgument {
  /// A word that cannot be an option.
  fileprivate init?(plain word: String?) {
    guard let word, let first = word.utf8.first, first != UInt8(ascii: "-") else { return nil }
    self.init()
    profile = word
  }
}

// What the options are if none is given; each property has to be set, as the parser does.

extension SessionOptions {
  fileprivate static var usual: SessionOptions {
    var options = SessionOptions()
    options.withoutSession = false
    options.duration = nil
    options.region = nil
    options.mfaCode = nil
    options.prompt = nil
    return options
  }
}

extension FreshnessOptions {
  fileprivate static var usual: FreshnessOptions {
    var options = FreshnessOptions()
    options.fresh = false
    options.minLeft = nil
    return options
  }
}

extension ScopeOptions {
  fileprivate static var none: ScopeOptions {
    var options = ScopeOptions()
    options.service = nil
    options.others = .none
    return options
  }
}

extension OtherScopeOptions {
  fileprivate static var none: OtherScopeOptions {
    var options = OtherScopeOptions()
    options.readOnly = false
    options.viewOnly = false
    options.policy = nil
    options.policyArn = []
    options.tag = []
    options.transitiveTag = []
    options.sourceIdentity = nil
    return options
  }
}

extension DiagnosticOptions {
  fileprivate static var quiet: DiagnosticOptions {
    var options = DiagnosticOptions()
    options.debug = false
    return options
  }
}

extension OutputOptions {
  fileprivate static var text: OutputOptions {
    var options = OutputOptions()
    options.json = false
    return options
  }
}
