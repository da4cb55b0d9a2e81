package import AWSServices
internal import FoundationEssentials
package import Profiles
package import Secrets

/// Why nobody signed in, or why a sign-in did not help.
package enum SignInError: Error, Equatable {
  /// A sign-in is needed, and nobody can be asked here.
  case needed(SourceName, SignInObstacle)
  /// The user said no in the browser.
  case refused(SourceName)
  /// Nobody approved in time.
  case timedOut(SourceName, seconds: Int)
  /// A refresh failed a moment ago; the next is tried in `seconds`.
  case refreshPaused(SourceName, seconds: Int)
  /// The user who signed in may not use this role of this account.
  case noAssignment(account: String, role: String, SourceName)
  /// The service sent the user to a page that is not AWS's.
  case foreignPage(String)
  /// The start URL leads to a page that is not AWS's.
  case foreignStartURL(String)
}

/// Why nobody can sign in here.
package enum SignInObstacle: Equatable, Sendable {
  case noTerminal
  /// A program asked, which would hide the code or open a browser unasked.
  case program
}

/// How a person signs in: on a page in a browser, here or elsewhere.
package protocol SignInPrompter {
  /// Why nobody can be asked; nil if somebody can.
  var obstacle: SignInObstacle? { get }
  /// What this machine and the user prefer.
  var flow: SignInFlow { get }
  /// The name under which the page shows us.
  var clientName: String { get }

  /// Shows where to type the code, and opens the page if there is a browser.
  func show(_ authorization: borrowing DeviceAuthorization, for session: IdentityCenterSession) throws
  /// Reports what failed, while it is tried again.
  func warn(_ failure: any Error)
  func tell(_ notice: SignInNotice)
  func pause(seconds: Int)

  /// Opens the page that `page` makes, and waits for the browser to call back.
  func authorize(_ page: (AuthorizationRequest) throws -> String) throws -> AuthorizationGrant
}

/// What the user should know of a sign-in that goes on.
package enum SignInNotice: Equatable, Sendable {
  /// The instance does not allow the browser to call back, so that a code is used.
  case deviceCode
  /// The start URL is a name of the company's own, which leads here.
  case startURLLeads(to: String)
  /// Where the start URL leads could not be found out, so that it is used as it is written.
  case startURLNotFollowed(StartURL.Fault)
  /// The instance is in this region, not in the configured one.
  case otherRegion(String, configured: String)
}

/// What the sign-in page is told about us.
package struct AuthorizationRequest: Equatable, Sendable {
  package let redirectURI: String
  package let state: String
  package let challenge: String

  package init(redirectURI: String, state: String, challenge: String) {
    self.redirectURI = redirectURI
    self.state = state
    self.challenge = challenge
  }
}

/// What the browser brought.
package struct AuthorizationGrant: ~Copyable, Sendable {
  package let code: SecretBytes
  package let verifier: SecretBytes
  package let redirectURI: String

  package init(code: consuming SecretBytes, verifier: consuming SecretBytes, redirectURI: String) {
    self.code = code
    self.verifier = verifier
    self.redirectURI = redirectURI
  }
}

extension Date {
  /// How many seconds are left of the pause after a failure at this time, which keeps many processes from storming a
  /// service in trouble; nil if it is over.
  func pauseLeft(at now: Date) -> Int? {
    let left = 60 - now.timeIntervalSince(self)
    return (0...60).contains(left) ? Int(left.rounded(.up)) : nil
  }
}
