internal import AWSValues
internal import FoundationEssentials
internal import Secrets

/// The environment variables that `exec` and `export` set, and those that must not stay: one list for both.
package struct CredentialVariables: Sendable {
  let profile: String
  private let region: Region?
  private let scope: String?
  private let promptVariable: String?

  /// - Parameters:
  ///   - region: nil leaves the region to the SDK.
  ///   - scope: what the credentials are narrowed to, for prompts.
  ///   - promptVariable: where prompts look for the profile's name; nil for no such variable.
  package init(
    profile: String, region: Region?, scope: String? = nil, promptVariable: String? = defaultPromptVariable
  ) {
    self.scope = scope
    self.profile = profile
    self.region = region
    self.promptVariable = promptVariable
  }

  /// The region that SDKs are given, and whether the user chose it for every profile or the profile has it.
  package enum Region: Sendable {
    case ofUser(String)
    case ofProfile(String)

    fileprivate var name: String {
      switch self {
      case .ofUser(let name), .ofProfile(let name): name
      }
    }
  }

  /// Shown by starship, powerlevel10k and other prompts.
  package static let defaultPromptVariable = "AWSUME_PROFILE"

  /// Whether prompts may be given the profile in this variable: it is a name, and none that credentials depend on.
  package static func canName(promptVariable name: String) -> Bool {
    let bytes = Array(name.utf8)[...]
    return isPlain(bytes) && (shownInPrompts.contains(name) || !belongsToCredentials(bytes))
  }

  // MARK: Set

  /// Calls `body` with each variable to set, in a fixed order; every value is text without control characters.
  func forEach(
    of credentials: borrowing Credentials,
    _ body: (String, borrowing Span<UInt8>) throws(DeliveryError) -> Void
  ) throws(DeliveryError) {
    func set(_ name: String, _ value: borrowing Span<UInt8>) throws(DeliveryError) {
      if let problem = value.valueProblem() { throw .unusableValue(name: name, problem: problem) }
      try body(name, value)
    }
    try set("AWS_ACCESS_KEY_ID", credentials.accessKeyID.utf8.span)
    try credentials.secretAccessKey.withBytes { (value) throws(DeliveryError) in
      try set("AWS_SECRET_ACCESS_KEY", value)
    }
    try credentials.sessionToken.withValue { (token) throws(DeliveryError) in
      try token.withBytes { (value) throws(DeliveryError) in try set("AWS_SESSION_TOKEN", value) }
    }
    for (name, value) in texts(for: credentials) { try set(name, value.utf8.span) }
  }

  /// The variables whose values are no secrets.
  private func texts(for credentials: borrowing Credentials) -> [(name: String, value: String)] {
    // Past, it makes boto3 and both AWS CLIs refuse credentials that are good.
    (credentials.expiration.map { [("AWS_CREDENTIAL_EXPIRATION", $0.rfc3339)] } ?? []) + texts
  }

  /// The variables that do not depend on the credentials.
  package var texts: [(name: String, value: String)] {
    var texts: [(String, String)] = []
    if let region { texts += [("AWS_REGION", region.name), ("AWS_DEFAULT_REGION", region.name)] }
    texts.append(("DAYPASS_PROFILE", profile))
    if case .ofProfile(let name) = region { texts.append(("DAYPASS_REGION", name)) }
    if let scope { texts.append(("DAYPASS_SCOPE", scope)) }
    if let promptVariable { texts.append((promptVariable, profile)) }
    return texts
  }

  /// An environment with them: all that is inherited but what belongs to other credentials.
  func vector(
    delivering credentials: borrowing Credentials, inherited: EnvironmentBlock
  ) throws(DeliveryError) -> CStringVector {
    var vector = inherited.vector(without: replaces)
    try forEach(of: credentials) { (name, value) throws(DeliveryError) in vector.append(name: name, value: value) }
    return vector
  }

  // MARK: Removed

  /// The variables to remove for these credentials: each of a fixed list, and those of `inherited` that begin as some of
  /// the list do.
  func removed(for credentials: borrowing Credentials, inherited: EnvironmentBlock) -> [String] {
    var set = Set(texts(for: credentials).map(\.name) + ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    if credentials.sessionToken.exists { set.insert("AWS_SESSION_TOKEN") }
    return Self.removed(but: set, inherited: inherited)
  }

  /// The same for whatever sets the variables in `set`.
  static func removed(but set: Set<String>, inherited: EnvironmentBlock) -> [String] {
    let matching = inherited.entries.compactMap { EnvironmentBlock.name(of: $0) }
      .filter { name in isPlain(name) && redirectingPrefixes.contains { name.starts(with: $0.utf8) } }
      .map { String(decoding: $0, as: UTF8.self) }
    let names = redirecting + settable + Set(matching).subtracting(redirecting).sorted()
    return names.filter { !set.contains($0) }
  }

  /// Whether to leave out a variable that is inherited under this name.
  ///
  /// Compares bytes: to Swift's strings the sign for kelvin is a K, and to nobody else who reads the environment.
  func replaces(_ name: ArraySlice<UInt8>) -> Bool {
    Self.belongsToCredentials(name) || promptVariable.map { name.elementsEqual($0.utf8) } ?? false
  }

  /// Whether a variable of this name, whatever its value, is part of one set of credentials.
  static func belongsToCredentials(_ name: ArraySlice<UInt8>) -> Bool {
    replacedNames.contains { name.elementsEqual($0.utf8) }
      || redirectingPrefixes.contains { name.starts(with: $0.utf8) }
  }

  /// Each leads an SDK to other credentials than those it was given, or shows people another profile: boto3 prefers
  /// AWS_SECURITY_TOKEN to AWS_SESSION_TOKEN, and a bearer token to credentials; the first Java SDK reads
  /// AWS_SECRET_KEY before AWS_SECRET_ACCESS_KEY; prompts show the variables of other programs like this one.
  package static let redirecting = [
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_ACCESS_KEY", "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_FILE", "AWS_CREDENTIAL_PROFILES_FILE", "AWS_SDK_LOAD_CONFIG", "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ACCOUNT_ID", "AWS_VAULT", "AWSU_PROFILE", "AWS_SSO_PROFILE",
    "AWS_SESSION_EXPIRATION",
  ]
  private static let redirectingPrefixes = [
    "AWS_CONTAINER_CREDENTIALS_", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "GRANTED_",
  ]
  /// Variables that say nothing to an SDK.
  private static let shownInPrompts: Set = [defaultPromptVariable, "AWS_VAULT", "AWSU_PROFILE", "AWS_SSO_PROFILE"]
  /// What is set for some credentials; if these do not set it, it belongs to others.
  private static let settable =
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"] + regions
    + ["DAYPASS_PROFILE", "DAYPASS_REGION", "DAYPASS_SCOPE", defaultPromptVariable]
  static let regions = ["AWS_REGION", "AWS_DEFAULT_REGION"]
  private static let replacedNames = settable + redirecting

  /// Whether every shell can have a variable of this name.
  private static func isPlain(_ name: ArraySlice<UInt8>) -> Bool {
    name.allSatisfy(\.isWordCharacter) && name.first?.isDigit == false
  }
}

// MARK: - Value problem

extension Span where Element == UInt8 {
  /// Why these bytes may not become an environment variable or a shell word; nil if they may.
  ///
  /// A control character (Unicode Cc: NUL, line breaks, escape sequences) has no place in an AWS credential, and is how
  /// values break out of line-oriented formats.
  func valueProblem() -> DeliveryError.ValueProblem? {
    guard !isEmpty else { return .empty }
    var hasControl = false
    let isText = forEachScalar { hasControl = hasControl || $0.properties.generalCategory == .control }
    guard isText else { return .notUTF8 }
    return hasControl ? .controlCharacter : nil
  }

  /// Calls `body` with each character's code point; false, without a call, if the bytes are not UTF-8.
  func forEachScalar(_ body: (Unicode.Scalar) -> Void) -> Bool {
    do {
      let text = try UTF8Span(validating: self)
      var scalars = text.makeUnicodeScalarIterator()
      while let scalar = scalars.next() { body(scalar) }
      return true
    } catch {
      return false
    }
  }
}
