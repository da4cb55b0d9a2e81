package import Secrets

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
