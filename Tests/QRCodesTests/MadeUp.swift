import QRCodes
import Secrets

/// Seeds that belong to nobody, as long as AWS's.
enum MadeUp {
  static let seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

  static func uri(account: String = "alice@123456789012", issuer: String = "Amazon Web Services") throws -> OTPAuthURI {
    try OTPAuthURI(seed: SecretBytes(copying: seed), account: account, issuer: issuer)
  }

  static func uriText(account: String, _ form: OTPAuthURI.Form) throws -> String? {
    try uri(account: account).text(form).revealed()
  }
}
