package import AWSValues

/// Who signs, as AWS sees it.
package struct CallerIdentity: Equatable, Sendable {
  package let account: String
  package let arn: String
  package let userID: String

  package init(account: String, arn: String, userID: String) {
    self.account = account
    self.arn = arn
    self.userID = userID
  }

  /// The IAM user's name, without its path; nil for a role or the root user.
  package var userName: UserName? { UserARN(arn)?.name }
}
