import Profiles
import TestSupport

extension ScratchFolder {
  /// The two files `config` and `credentials` in it.
  func files() throws -> ConfigFiles {
    try ConfigFiles(
      environment: ["AWS_CONFIG_FILE": path("config"), "AWS_SHARED_CREDENTIALS_FILE": path("credentials")])
  }
}
