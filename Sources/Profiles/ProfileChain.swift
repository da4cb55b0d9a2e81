internal import AWSValues

/// The profiles that a plan goes through.
struct ProfileChain {
  /// The profile that holds the key.
  var key: Profile
  /// The profiles whose roles are assumed, the one nearest the key first.
  var roles: [Profile]

  /// Follows `source_profile` from `selected` to the key.
  ///
  /// A source profile with a key in a file ends the chain: its own role is not assumed.
  init(to selected: Profile, in profiles: ProfileSet) throws(PlanError) {
    var walk = ProfileWalk(from: selected, in: profiles)
    while try walk.advance() {}
    key = walk.current
    roles = walk.roles.reversed()
  }
}

// MARK: - Command words

/// The words of a command line, split at white space; `'…'`, `"…"` and `\` keep it within a word, as SDKs have it.
struct ShellWords {
  private(set) var words: [String] = []

  init(_ command: String) {
    var word: String?
    var quote: Character?
    var rest = command[...]
    while let character = rest.popFirst() {
      if character == "\\", quote != "'", let escaped = rest.popFirst() {
        word = (word ?? "") + String(escaped)
      } else if quote == nil, character.isWhitespace {
        words += [word].compactMap { $0 }
        word = nil
      } else if quote == character || (quote == nil && (character == "'" || character == "\"")) {
        quote = quote == nil ? character : nil
        word = word ?? ""
      } else {
        word = (word ?? "") + String(character)
      }
    }
    words += [word].compactMap { $0 }
  }
}

// MARK: - Own credential process

/// A `credential_process` that calls daypass itself; it is not run, because the plan is made here.
struct SelfCredentialProcess: Equatable {
  /// The profile it names; nil where it leaves that to the environment.
  let profile: String?

  /// Nil where `command` calls another program, or another command of ours.
  init?(_ command: String) {
    let words = ShellWords(command).words
    guard let program = words.first?.split(separator: "/").last, program == "daypass",
      words.dropFirst().first == "credential-process"
    else { return nil }
    profile = Self.firstArgument(of: words.dropFirst(2))
  }

  private static func firstArgument(of words: ArraySlice<String>) -> String? {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" { return rest.first }
      guard word.hasPrefix("-") else { return word }
      if optionsWithValue.contains(word) { rest = rest.dropFirst() }
    }
    return nil
  }

  /// The options of `credential-process` whose value is the next word.
  private static let optionsWithValue: Set<String> = ["--duration", "--region", "--mfa-code"]
}

// MARK: - Values

/// What the profiles of a chain say.
extension ProfileChain {
  /// The roles, the one nearest the key first.
  func parsedRoles() throws(PlanError) -> [Role] {
    var parsed: [Role] = []
    for profile in roles {
      if let arn = profile[.roleARN] { parsed.append(try Role(of: profile, arn: arn)) }
    }
    return parsed
  }

  /// The MFA device: of the role nearest the key, else of the key's profile, else of the next role that names one.
  func device() throws(PlanError) -> MFADevice? {
    for profile in roles.prefix(1) + [key] + roles.dropFirst() {
      if let device: MFADevice = try profile.restricted(.mfaSerial) { return device }
    }
    return nil
  }
}

// MARK: - Profile source

/// Where a profile's own settings say that its credentials come from.
enum ProfileSource {
  /// A long-term key under the profile's own name.
  case ownKey
  /// A role, assumed with the profile's own key (`source_profile` names the profile itself).
  case ownKeyForRole
  /// A role, assumed with the credentials of the profile that `source_profile` names.
  case role(from: Property)
  /// The credentials of the profile that our own `credential_process` is called for.
  case sameAs(String, Property)

  /// Reads what `profile` says. A source that is not served is an error rather than passed over.
  init(of profile: Profile) throws(PlanError) {
    if let role = profile[.roleARN] {
      self = try Self.ofRole(role, profile)
    } else {
      try Self.refuse([.webIdentityTokenFile] + Setting.signOnSettings, of: profile)
      self = try profile.holdsKeyInFile ? .ownKey : Self.withoutKeyInFile(profile)
    }
  }

  private static func ofRole(_ role: Property, _ profile: Profile) throws(PlanError) -> ProfileSource {
    try refuse([.webIdentityTokenFile], of: profile)
    guard let source = profile[.sourceProfile] else {
      try refuse([.credentialSource], of: profile)
      throw .roleWithoutSource(profile.origin(of: role, .roleARN))
    }
    guard profile[.credentialSource] == nil else {
      throw .conflict(profile.origin(of: source, .sourceProfile), with: .credentialSource)
    }
    guard source.value == profile.name else { return .role(from: source) }
    if !profile.holdsKeyInFile { try refuse(Setting.signOnSettings, of: profile) }
    return .ownKeyForRole
  }

  private static func withoutKeyInFile(_ profile: Profile) throws(PlanError) -> ProfileSource {
    try refuse([.credentialSource, .loginSession], of: profile)
    guard let process = profile[.credentialProcess] else { return .ownKey }
    guard let command = SelfCredentialProcess(process.value) else {
      throw .unsupported(profile.origin(of: process, .credentialProcess))
    }
    guard let name = command.profile, name != profile.name else { return .ownKey }
    return .sameAs(name, process)
  }

  /// Throws for the first of `settings` that `profile` has.
  private static func refuse(_ settings: [Setting], of profile: Profile) throws(PlanError) {
    for setting in settings {
      if let property = profile[setting] { throw .unsupported(profile.origin(of: property, setting)) }
    }
  }
}

extension Setting {
  /// The settings that make a profile one of IAM Identity Center.
  static let signOnSettings: [Setting] = [.ssoSession, .ssoStartURL, .ssoAccountID, .ssoRoleName]
}

// MARK: - Profile walk

/// The way from a profile to the one that holds its key.
struct ProfileWalk {
  private(set) var current: Profile
  /// The profiles passed whose roles are to be assumed.
  private(set) var roles: [Profile] = []
  private var arrival = Arrival.asked
  private var passed: [String]
  private let profiles: ProfileSet

  /// What led to the current profile.
  private enum Arrival {
    /// The user, or a `credential_process` of ours, asks for its credentials.
    case asked
    case sourceProfile
  }

  init(from selected: Profile, in profiles: ProfileSet) {
    current = selected
    passed = [selected.name]
    self.profiles = profiles
  }

  /// Goes on to the profile that the current one gets its credentials from; false at the one that holds the key.
  mutating func advance() throws(PlanError) -> Bool {
    if arrival == .sourceProfile, current.holdsKeyInFile { return false }
    switch try ProfileSource(of: current) {
    case .ownKey: return false
    case .ownKeyForRole:
      roles.append(current)
      return false
    case .role(let source):
      roles.append(current)
      try follow(source.value, arrival: .sourceProfile, from: current.origin(of: source, .sourceProfile))
    case .sameAs(let name, let process):
      try follow(name, arrival: .asked, from: current.origin(of: process, .credentialProcess))
    }
    return true
  }

  private mutating func follow(_ name: String, arrival: Arrival, from origin: Origin) throws(PlanError) {
    if let start = passed.firstIndex(of: name) { throw .loop(passed[start...] + [name], from: origin) }
    guard let next = profiles.profile(named: name) else {
      throw .unknownReference(name, from: origin, nearest: profiles.names(near: name))
    }
    passed.append(name)
    self.arrival = arrival
    current = next
  }
}
