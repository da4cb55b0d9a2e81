import Profiles
import Secrets

extension EnteredKey {
  /// The key in the section of `profile` in `~/.aws/credentials` or the config file.
  init(plainTextOf profile: String, in profiles: ProfileSet) throws(KeyInputError) {
    let section = profiles.profile(named: profile)
    guard let id = section?[.accessKeyID] else { throw .missing(.accessKeyID, from: .plainText) }
    guard let secret = section?[.secretAccessKey] else { throw .missing(.secretAccessKey, from: .plainText) }
    self.init(accessKeyID: id.value, secretAccessKey: SecretBytes(copying: secret.value))
  }
}
