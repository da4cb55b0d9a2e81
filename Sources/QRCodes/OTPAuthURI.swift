internal import AWSValues
package import Secrets

/// The URI from which an authenticator app reads a seed
/// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
package struct OTPAuthURI: ~Copyable, Sendable {
  /// How much the URI says about whose seed it is; `allCases` begins with the longest.
  package enum Form: CaseIterable, Sendable {
    /// The issuer before the account, and once more for the apps that look for it there.
    case full
    case issuerInLabel
    case accountOnly
  }

  private let seed: SecretBytes
  private let account: String
  private let issuer: String

  /// `seed` is base32; the format wants it without its padding.
  package init(seed: borrowing SecretBytes, account: String, issuer: String) {
    self.seed = seed.clone(seed.trimmedRange { $0 == UInt8(ascii: "=") })
    self.account = PercentEncoding.encode(account, keeping: "@")
    self.issuer = PercentEncoding.encode(issuer, keeping: "@")
  }

  package func text(_ form: Form = .full) -> SecretBytes {
    var text = SecretBytes(copying: "otpauth://totp/")
    if form != .accountOnly { text.append(issuer + ":") }
    text.append(account + "?secret=")
    text.append(seed)
    if form == .full { text.append("&issuer=" + issuer) }
    return text
  }
}

extension OTPAuthURI {
  /// The QR code of the longest form that fits, as `QRCode.terminalText` gives it; nil if none does.
  package func terminalText(columns: Int, rows: Int) throws(QRCodeError) -> SecretBytes? {
    for form in Form.allCases {
      let code = try QRCode(encoding: text(form))
      if let text = code.terminalText(columns: columns, rows: rows) { return text }
    }
    return nil
  }
}
