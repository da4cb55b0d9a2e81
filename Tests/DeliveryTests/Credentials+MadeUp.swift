import FoundationEssentials
import Secrets

extension Credentials {
  /// Temporary credentials; made up.
  static func session(secret: String = "made-up/secret+key=", token: String = "made-up-token==") -> Credentials {
    Credentials(
      accessKeyID: "ASIAEXAMPLE", secretAccessKey: SecretBytes(copying: secret),
      sessionToken: SecretBytes(copying: token), expiration: Date(timeIntervalSince1970: 1_795_248_000))
  }

  /// A long-term key; made up.
  static func key() -> Credentials {
    Credentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: SecretBytes(copying: "made-up/secret+key="))
  }
}
