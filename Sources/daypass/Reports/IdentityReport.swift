import AWSServices
import AWSValues

/// What `whoami` prints.
struct IdentityReport: Report {
  let account: String
  let arn: String
  let userID: String

  init(_ identity: CallerIdentity) {
    account = identity.account
    arn = identity.arn
    userID = identity.userID
  }

  var text: String { "\(arn.displayText())\n" }
}
