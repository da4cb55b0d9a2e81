package import AWSServices
package import FoundationEssentials
package import Secrets

/// What a rotation works with.
package struct RotationServices {
  let keys: LongTermKeys
  let journals: RotationJournals
  let sessions: SessionCache
  let iam: IAM
  let sts: STS
  let userCredentials: () throws -> Credentials
  let clockOffset: () -> TimeInterval

  /// `userCredentials` gives what IAM takes from the key's user: the key in the keyring, or an MFA session made with it;
  /// `clockOffset` tells by how many seconds AWS's clock is ahead.
  package init(
    keys: LongTermKeys, journals: RotationJournals, sessions: SessionCache, iam: IAM, sts: STS,
    userCredentials: @escaping () throws -> Credentials, clockOffset: @escaping () -> TimeInterval
  ) {
    self.keys = keys
    self.journals = journals
    self.sessions = sessions
    self.iam = iam
    self.sts = sts
    self.userCredentials = userCredentials
    self.clockOffset = clockOffset
  }
}
