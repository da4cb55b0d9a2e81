package import Secrets

/// The variables by which AWS SDKs find a credential server, in place of credentials.
///
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider". Debian's AWS CLI reads the token from the
/// variable only, and every SDK prefers a relative URI and credentials in the environment, which are removed.
package struct ContainerVariables: ~Copyable, Sendable {
  private let uri: String
  private let token: SecretBytes
  private let others: [(name: String, value: String)]

  static let names = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]

  /// - Parameter others: what is set beside them, such as the region.
  package init(uri: String, token: consuming SecretBytes, beside others: [(name: String, value: String)]) {
    (self.uri, self.others) = (uri, others)
    self.token = token
  }

  /// Calls `body` with each variable to set, in a fixed order; every value is text without control characters.
  func forEachVariable(
    _ body: (String, borrowing Span<UInt8>) throws(DeliveryError) -> Void
  ) throws(DeliveryError) {
    try body(Self.names[0], uri.utf8.span)
    try token.withBytes { (value) throws(DeliveryError) in try body(Self.names[1], value) }
    for (name, value) in others {
      if let problem = value.utf8.span.valueProblem() { throw .unusableValue(name: name, problem: problem) }
      try body(name, value.utf8.span)
    }
  }

  /// The variables to remove beside them.
  func removed(inherited: EnvironmentBlock) -> [String] {
    CredentialVariables.removed(but: Set(Self.names + others.map(\.name)), inherited: inherited)
  }

  /// An environment with them: all that is inherited but what belongs to other credentials.
  func vector(inherited: EnvironmentBlock) throws(DeliveryError) -> CStringVector {
    var vector = inherited.vector(without: { name in
      CredentialVariables.belongsToCredentials(name) || others.contains { name.elementsEqual($0.name.utf8) }
    })
    try forEachVariable { (name, value) throws(DeliveryError) in vector.append(name: name, value: value) }
    return vector
  }

  /// `{"NAME": "value", …}`, on one line.
  func jsonObject() throws(DeliveryError) -> SecretBytes {
    var object = SecretBytes()
    try forEachVariable { (name, value) throws(DeliveryError) in
      object.append((object.isEmpty ? "{" : ", ") + name.jsonString + ": ")
      _ = object.appendJSONString(value)
    }
    object.append("}\n")
    return object
  }
}
