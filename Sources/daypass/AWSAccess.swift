import AWSServices
import AWSValues
import Console
import Delivery
import FoundationEssentials
import HTTP
import Profiles
import Secrets
import Sessions

/// A profile's way to AWS: its plan, and what carries it out.
struct Access {
  let plan: CredentialPlan
  let sts: STS
  let s3: S3
  let iam: IAM
  private let client: AWSClient
  private let resolver: CredentialResolver
  private let host: Host

  init(_ plan: CredentialPlan, codes: MFACodes, on host: Host) throws {
    self.plan = plan
    self.host = host
    let client = try host.client(for: plan.connection.withRegion(forARN: plan.role?.text ?? plan.device?.text))
    self.client = client
    sts = STS(client)
    s3 = S3(client)
    iam = IAM(client)
    resolver = CredentialResolver(
      keys: host.keys, cache: host.sessions, locks: try host.locks(), sts: sts, codes: codes,
      accessPoint: try PlanDigest.STSEndpointIdentity(of: client.connection), now: host.now
    ) { warning in host.diagnostics.warn(warning.words) }
  }

  /// By how many seconds AWS's clock is known to be ahead of this machine's.
  var clockOffset: TimeInterval { client.clockOffset }

  /// Credentials with enough time left for their consumer.
  func credentials(margin: SessionMargin) throws -> Credentials {
    try resolver.credentials(for: plan, margin: host.margin(margin))
  }

  /// Whether there is a session with as much time left, so that nobody has to be asked for one.
  func hasCachedSession(margin: SessionMargin) throws -> Bool {
    try resolver.hasCachedSession(of: plan, margin: host.margin(margin))
  }

  /// Lends credentials to `body`; where AWS finds the session expired before its time, once more with a new one.
  func withCredentials<Result>(
    margin: SessionMargin, _ body: (borrowing Credentials) throws -> Result
  ) throws -> Result {
    let margin = try host.margin(margin)
    let credentials = try resolver.credentials(for: plan, margin: margin)
    do {
      return try body(credentials)
    } catch let error as AWSError where error.means(.expiredSession) && !plan.steps.isEmpty {
      try resolver.forget(plan, accessKeyID: credentials.accessKeyID)
      return try body(resolver.credentials(for: plan, margin: margin))
    }
  }
}

extension Host {
  /// The way a plan leads to AWS; says where AWS's limits made a session shorter than it was wished for.
  func access(by plan: CredentialPlan, _ options: SessionOptions) throws -> Access {
    try access(by: plan, MFACodes(given: options.givenCode, prompter: TerminalPrompter()))
  }

  /// The same, with the codes to use where AWS asks for one.
  func access(by plan: CredentialPlan, _ codes: MFACodes) throws -> Access {
    diagnostics.debug("plan: \(plan.words)")
    for step in plan.steps {
      if case .assumeRole(let role) = step, let warning = role.capWarning { diagnostics.warn(warning) }
    }
    // Loading libcurl takes as long as the keyring takes to answer.
    if !plan.steps.isEmpty { store.meanwhile = CurlTransport.openLibrary }
    return try Access(plan, codes: codes, on: self)
  }
}

// MARK: - Terminal prompter

/// Asks for MFA codes on the user's terminal.
struct TerminalPrompter: MFAPrompter {
  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    guard let terminal = Terminal.foreground() else { throw .noPrompt(device: device) }
    do {
      if let refusal { try terminal.say("daypass: \(refusal.words)") }
      // A code is shown as it is typed: it is worth nothing once it was sent, and a typing error is seen.
      return try terminal.answer(to: "MFA code for \(device.text.displayText()): ", echo: .visible).trimmed()
    } catch {
      throw .promptCancelled
    }
  }
}
