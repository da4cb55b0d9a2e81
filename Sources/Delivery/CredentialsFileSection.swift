internal import Secrets

/// A section of `~/.aws/credentials`.
///
/// Source: AWS SDKs and Tools Reference Guide, "Format of the config and credentials files". Its grammar has no
/// quoting, and its readers differ in what they cut as comment, quote or blank; so what any of them cuts is refused.
struct CredentialsFileSection {
  let profile: String

  func render(
    _ variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    guard !profile.isEmpty, profile.utf8.allSatisfy(Self.isPartOfName) else {
      throw .unusableInFormat(name: "profile", format: .ini)
    }
    var section = SecretBytes()
    section.append("[\(profile)]\n")
    try variables.forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      guard let property = Self.property(for: variable) else { return }
      guard value.indices.allSatisfy({ Self.isPlain(value[$0]) }) else {
        throw .unusableInFormat(name: variable.rawValue, format: .ini)
      }
      section.append("\(property) = ")
      section.append(value)
      section.append("\n")
    }
    return section
  }

  private static func property(for variable: CredentialVariable) -> String? {
    switch variable {
    case .accessKeyID: "aws_access_key_id"
    case .secretAccessKey: "aws_secret_access_key"
    case .sessionToken: "aws_session_token"
    // No SDK reads it; it tells people and scripts when to ask again.
    case .expiration: "aws_credential_expiration"
    case .region: "region"
    case .defaultRegion: nil
    }
  }

  /// Characters of a profile name that every SDK reads without quotes.
  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_-./%@:+".utf8.contains(byte)
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !"#;\"'".utf8.contains(byte)
  }
}
