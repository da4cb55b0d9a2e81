package import Secrets

/// The URI by which an authenticator app takes over a seed
/// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
package struct OTPAuthURI: ~Copyable, Sendable {
  /// How much is said about whose seed it is; `allCases` has the fullest first.
  package enum Form: CaseIterable, Sendable {
    /// The issuer before the account, and once more for the apps that look for it there.
    case full
    case issuerInLabel
    case accountOnly
  }

  private let seed: SecretBytes
  private let account: String
  private let issuer: String

  /// `seed` is base32 as IAM gives it out; padding at its end is left out, as the format wants.
  /// - Throws: `seedNotBase32`.
  package init(seed: borrowing SecretBytes, account: String, issuer: String) throws(QRCodeError) {
    guard let digits = Self.digits(of: seed) else { throw .seedNotBase32 }
    self.seed = seed.clone(digits)
    self.account = Self.encoded(account)
    self.issuer = Self.encoded(issuer)
  }

  package func text(_ form: Form = .full) -> SecretBytes {
    var text = SecretBytes(copying: "otpauth://totp/")
    switch form {
    case .full, .issuerInLabel: text.append(issuer + ":")
    case .accountOnly: break
    }
    text.append(account + "?secret=")
    text.append(seed)
    switch form {
    case .full: text.append("&issuer=" + issuer)
    case .issuerInLabel, .accountOnly: break
    }
    return text
  }

  /// Where `seed` has its base32 digits; nil where there are none, or anything else but padding after them.
  private static func digits(of seed: borrowing SecretBytes) -> Range<Int>? {
    seed.withBytes { bytes in
      var end = bytes.count
      while end > 0, bytes[end - 1] == UInt8(ascii: "=") { end -= 1 }
      let isBase32 = (0..<end).allSatisfy { isDigit(bytes[$0]) }
      return isBase32 && end > 0 ? 0..<end : nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "2")...UInt8(ascii: "7"): true
    default: false
    }
  }

  /// `name` percent-encoded (RFC 3986, 2): unreserved characters and the `@` between user and account stay.
  private static func encoded(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case 0x30...0x39, 0x40...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}

extension OTPAuthURI {
  /// The QR code of the fullest form that fits, as `QRCode.terminalText` gives it; nil where none does.
  package func terminalText(columns: Int, rows: Int) throws(QRCodeError) -> SecretBytes? {
    for form in Form.allCases {
      let code = try QRCode(encoding: text(form))
      if let text = code.terminalText(columns: columns, rows: rows) { return text }
    }
    return nil
  }
}
