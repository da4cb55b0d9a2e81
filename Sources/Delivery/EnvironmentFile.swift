internal import Secrets

/// The lines that `docker run --env-file` reads: everything after the first `=` is the value, without quoting.
enum EnvironmentFile {
  static func render(
    _ variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    var file = SecretBytes()
    try variables.forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      // docker keeps blanks at the ends, other readers of such files cut them.
      guard value[0] != UInt8(ascii: " "), value[value.count - 1] != UInt8(ascii: " ") else {
        throw .unusableInFormat(name: variable.rawValue, format: .env)
      }
      file.append(variable.rawValue + "=")
      file.append(value)
      file.append("\n")
    }
    return file
  }
}
