internal import Secrets
internal import SigV4

/// The parameters of a call in AWS's Query protocol, as the body of an HTML form (RFC 3986 encoding).
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html
struct FormBody: ~Copyable {
  private var bytes = SecretBytes()

  init(action: String, version: String) {
    append("Action", action)
    append("Version", version)
  }

  /// Adds a parameter; none where there is no value.
  mutating func append(_ name: String, _ value: String?) {
    guard let value else { return }
    appendName(name)
    bytes.append(PercentEncoding.encode(value.utf8))
  }

  /// Adds a secret of digits, which need no encoding.
  mutating func append(_ name: String, digits: borrowing SecretBytes) {
    appendName(name)
    bytes.append(digits)
  }

  consuming func finish() -> SecretBytes { bytes }

  private mutating func appendName(_ name: String) {
    if !bytes.isEmpty { bytes.append("&") }
    bytes.append(name)
    bytes.append("=")
  }
}
