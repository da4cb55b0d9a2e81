/// The parts of `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
package struct Authorization: Sendable {
  package let accessKeyID: String
  package let scope: CredentialScope
  /// Lower case, as listed.
  package let signedHeaders: [String]
  package let signature: String

  /// nil when a part is missing, repeated, unknown or not of its form.
  package init?(_ header: String) {
    let algorithm = "AWS4-HMAC-SHA256 "
    guard header.hasPrefix(algorithm) else { return nil }
    var parts: [Substring: Substring] = [:]
    for part in header.dropFirst(algorithm.count).split(separator: ",") {
      let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, parts.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
    }
    guard parts.count == 3, let credential = parts["Credential"], let names = parts["SignedHeaders"],
      let signature = parts["Signature"], let slash = credential.firstIndex(of: "/"),
      let scope = CredentialScope(credential[credential.index(after: slash)...])
    else { return nil }
    accessKeyID = String(credential[..<slash])
    self.scope = scope
    signedHeaders = names.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    self.signature = String(signature)
    guard isSorted else { return nil }
  }

  private var isSorted: Bool {
    zip(signedHeaders, signedHeaders.dropFirst()).allSatisfy { $0 < $1 }
      && signedHeaders.allSatisfy { !$0.isEmpty && $0 == $0.lowercased() }
  }
}
