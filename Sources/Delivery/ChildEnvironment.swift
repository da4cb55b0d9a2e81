package import Secrets

/// The environment that `exec` gives to a command: the user's own, with one set of credentials and none other.
package struct ChildEnvironment: Sendable {
  /// What the user's shell gave us, before any change for our own process.
  package let inherited: EnvironmentBlock
  package let profile: String
  package let region: String?

  package init(inherited: EnvironmentBlock, profile: String, region: String?) {
    self.inherited = inherited
    self.profile = profile
    self.region = region
  }

  static let profileVariable = "DAYPASS_PROFILE"

  /// Variables that would lead an SDK past the credentials we set, or to other ones.
  private static let removed = Set(
    CredentialVariables.redirecting + [
      "AWS_CREDENTIAL_FILE", "AWS_SDK_LOAD_CONFIG", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
      "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ACCOUNT_ID",
    ])
  private static let removedPrefixes = ["AWS_CONTAINER_CREDENTIALS_", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]

  /// The inherited entries that stay, byte for byte and in their order, then ours.
  ///
  /// - Throws: `unusableValue` for a credential, region or profile with a control character in it.
  package func vector(delivering credentials: borrowing Credentials) throws(DeliveryError) -> CStringVector {
    var vector = CStringVector()
    let replaced = Set(replacedNames.map { Array($0.utf8) })
    for entry in inherited.entries where !Self.drops(entry, replaced) { vector.append(entry) }
    try CredentialVariables(region: region).forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      vector.append(name: variable.rawValue, value: value)
    }
    if let problem = profile.utf8.span.valueProblem() {
      throw .unusableValue(name: Self.profileVariable, problem: problem)
    }
    vector.append(name: Self.profileVariable, value: profile.utf8.span)
    return vector
  }

  /// Names we set, and names whose inherited value would belong to other credentials.
  private var replacedNames: Set<String> {
    var names = Self.removed.union([Self.profileVariable])
    names.formUnion(CredentialVariable.allCases.map(\.rawValue))
    guard region == nil else { return names }
    return names.subtracting([CredentialVariable.region, .defaultRegion].map(\.rawValue))
  }

  /// Compares bytes: to Swift's strings the sign for kelvin is a K, and to nobody else who reads the environment.
  private static func drops(_ entry: [UInt8], _ names: Set<[UInt8]>) -> Bool {
    guard let name = EnvironmentBlock.name(of: entry) else { return false }
    return names.contains(Array(name)) || removedPrefixes.contains { name.starts(with: $0.utf8) }
  }
}
