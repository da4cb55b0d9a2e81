internal import AWSValues
internal import FoundationEssentials
package import Secrets

/// The JSON by which a `credential_process` answers AWS SDKs: one object on one line.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
package enum CredentialProcessDocument {
  /// - Throws: `unusableValue` for a value that is empty or not UTF-8.
  package static func render(_ credentials: borrowing Credentials) throws(DeliveryError) -> SecretBytes {
    var document = SecretBytes()
    document.append("{\"Version\": 1")
    try document.appendMember("AccessKeyId", credentials.accessKeyID.utf8.span)
    try document.appendMember("SecretAccessKey", credentials.secretAccessKey)
    // Without it SDKs take the credentials for long-lived ones and never ask again.
    if let expiration = credentials.expiration {
      try document.appendMember("Expiration", expiration.rfc3339.utf8.span)
    }
    try credentials.sessionToken.withValue { (token) throws(DeliveryError) in
      try document.appendMember("SessionToken", token)
    }
    document.append("}\n")
    return document
  }
}

extension SecretBytes {
  fileprivate mutating func appendMember(_ name: String, _ value: borrowing SecretBytes) throws(DeliveryError) {
    try value.withBytes { (bytes) throws(DeliveryError) in try appendMember(name, bytes) }
  }

  fileprivate mutating func appendMember(_ name: String, _ value: borrowing Span<UInt8>) throws(DeliveryError) {
    guard !value.isEmpty else { throw .unusableValue(name: name, problem: .empty) }
    append(", \"\(name)\": ")
    guard appendJSONString(value) else { throw .unusableValue(name: name, problem: .notUTF8) }
  }
}
