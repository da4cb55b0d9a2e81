package import AWSValues
package import Secrets

/// An access key that was just created, with the secret that AWS tells once.
package struct NewAccessKey: ~Copyable, Sendable {
  package let id: AccessKeyID
  package let userName: UserName
  package let credentials: Credentials

  init(id: AccessKeyID, userName: UserName, credentials: consuming Credentials) {
    self.id = id
    self.userName = userName
    self.credentials = credentials
  }

  package consuming func takeCredentials() -> Credentials { credentials }
}
