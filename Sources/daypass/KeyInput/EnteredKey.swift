import AWSValues
import Secrets

/// A key as it was typed or read, before anything checked it.
struct EnteredKey: ~Copyable {
  let accessKeyID: String
  let secretAccessKey: SecretBytes

  /// Both without white space around them; refuses what can be no long-term key.
  ///
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
  func credentials() throws(KeyInputError) -> Credentials {
    let id = accessKeyID.trimmed
    guard (16...128).contains(id.utf8.count), id.utf8.allSatisfy(\.isWordCharacter) else { throw .invalidAccessKeyID }
    guard !id.hasPrefix("ASIA") else { throw .temporary }
    let secret = secretAccessKey.trimmed()
    let isPrintable = secret.withBytes { bytes in bytes.indices.allSatisfy { (0x21...0x7e).contains(bytes[$0]) } }
    guard !secret.isEmpty, isPrintable else { throw .invalidSecret }
    return Credentials(accessKeyID: id, secretAccessKey: secret)
  }
}

extension EnteredKey {
  /// The key id on the first line of standard input, the secret on the second.
  init(lines: borrowing SecretBytes) throws(KeyInputError) {
    let parts = lines.ranges(of: 0..<lines.count, separatedBy: UInt8(ascii: "\n"))
    guard let accessKeyID = lines.clone(parts[0]).revealed(), !accessKeyID.trimmed.isEmpty else {
      throw .missing(.accessKeyID, from: .standardInput)
    }
    let secret = parts.count > 1 ? lines.clone(parts[1]).trimmed() : SecretBytes()
    guard !secret.isEmpty else { throw .missing(.secretAccessKey, from: .standardInput) }
    self.init(accessKeyID: accessKeyID, secretAccessKey: secret)
  }

  /// The key in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; a session token beside them means it is none to keep.
  init(environment: [String: String]) throws(KeyInputError) {
    guard environment["AWS_SESSION_TOKEN", default: ""].isEmpty else { throw .temporary }
    guard let id = environment["AWS_ACCESS_KEY_ID"], !id.isEmpty else {
      throw .missing(.accessKeyID, from: .environment)
    }
    guard let secret = environment["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty else {
      throw .missing(.secretAccessKey, from: .environment)
    }
    self.init(accessKeyID: id, secretAccessKey: SecretBytes(copying: secret))
  }
}
