/// A call that programs make over and over, which needs no parser.
///
/// The parser learns by reflection what a command takes, and that is a third of what a call with a cached session costs.
enum PlainCall {
  /// `exec PROFILE -- COMMAND…`, with or without `--no-session`.
  case exec(ProfileArgument, CredentialRequest, command: [String])
  case credentialProcess(ProfileArgument)
  /// The `list --names` of completions.
  case listNames
  /// The `status --prompt` of prompts.
  case statusPrompt

  /// Nil for every other call.
  init?(_ arguments: [String]) {
    let rest = arguments.dropFirst()
    switch arguments.first {
    case Exec.name:
      let words = rest.prefix { $0 != "--" }
      let profiles = words.filter { $0 != "--no-session" }
      guard profiles.count == 1, words.count <= 2, words.count < rest.count,
        let profile = ProfileArgument(plain: profiles.first)
      else { return nil }
      let request = CredentialRequest(withoutSession: words.count == 2)
      self = .exec(profile, request, command: Array(rest.dropFirst(words.count + 1)))
    case CredentialProcess.name:
      guard rest.count == 1, let profile = ProfileArgument(plain: rest.first) else { return nil }
      self = .credentialProcess(profile)
    case List.name where rest == ["--names"]: self = .listNames
    case Status.name where rest == ["--prompt"]: self = .statusPrompt
    case .some, .none: return nil
    }
  }

  /// Nil if it is about no profile.
  var profile: ProfileArgument? {
    switch self {
    case .exec(let profile, _, _), .credentialProcess(let profile): profile
    case .listNames, .statusPrompt: nil
    }
  }

  func run(on host: Host) throws {
    switch self {
    case .exec(let profile, let request, let command):
      try CommandWithCredentials(command: command).run(request.plan(for: profile, on: host), request, on: host)
    case .credentialProcess(let profile):
      let request = CredentialRequest()
      try CredentialProcess.run(request.plan(for: profile, on: host), request, on: host)
    case .listNames: try List.write(names: host.profiles().names, on: host)
    case .statusPrompt: try Status.writePrompt(on: host)
    }
  }
}

extension ProfileArgument {
  /// A word that cannot be an option.
  fileprivate init?(plain word: String?) {
    guard let word, let first = word.utf8.first, first != UInt8(ascii: "-") else { return nil }
    self.init(named: word)
  }
}
