internal import Secrets

/// The lines that `docker run --env-file` reads: everything after the first `=` is the value, without quoting.
///
/// Other readers of such files (docker compose, systemd, dotenv libraries) know quotes, escapes, comments and variables;
/// so what any of them changes is refused.
enum EnvironmentFile {
  static func render(
    _ variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    var file = SecretBytes()
    try variables.forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      guard value.indices.allSatisfy({ Self.isPlain(value[$0]) }) else {
        throw .unusableInFormat(name: variable.rawValue, format: .env)
      }
      file.append(variable.rawValue + "=")
      file.append(value)
      file.append("\n")
    }
    return file
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !"#\"'\\$`".utf8.contains(byte)
  }
}
