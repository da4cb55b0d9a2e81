internal import AWSServices
package import Secrets

/// A scenario from its first call to the last, which is made whatever happens in between.
package final class ScenarioRun {
  let services: ScenarioServices
  let admin: Credentials
  let time: Timekeeper
  let codes: any ScenarioCodes
  let names: ScenarioNames
  let tell: (ScenarioEvent) -> Void
  var report: ScenarioReport
  var ledger = Ledger()

  /// `admin` may make users, roles and policies.
  package init(
    _ scenario: Scenario, _ names: ScenarioNames, _ services: ScenarioServices, signedBy admin: borrowing Credentials,
    time: Timekeeper, codes: any ScenarioCodes, tell: @escaping (ScenarioEvent) -> Void
  ) {
    self.services = services
    self.admin = admin.clone()
    self.time = time
    self.codes = codes
    self.names = names
    self.tell = tell
    report = ScenarioReport(scenario, names)
  }

  /// Carries the scenario out, and removes by `teardown` what it made.
  package func run(removingBy teardown: borrowing Teardown) -> ScenarioReport {
    do {
      try perform()
    } catch {
      report.failure = ScenarioFailure(error: error)
    }
    report.teardown = teardown.remove(ledger.teardown)
    if report.failure == nil, !report.teardown.remaining.isEmpty {
      report.failure = ScenarioFailure(error: ScenarioError.remains(report.teardown.remaining))
    }
    return report
  }

  private func perform() throws {
    let user = try makeUser()
    let device = try makeDevice(of: user)
    let key = try makeKey()
    switch report.scenario {
    case .sessionToken: try proveSessionToken(user, device, key)
    case .assumeRole: try proveAssumeRole(user, device, key)
    }
  }

  private func proveSessionToken(
    _ user: UserARN, _ device: borrowing NewVirtualMFADevice, _ key: borrowing NewAccessKey
  ) throws {
    try writePolicy(.listingBucketsWithMFA)
    try checkIdentity(of: user, key.credentials)
    try checkDenial(.buckets, key.credentials)
    let session = try getSession(with: device, signedBy: key.credentials)
    try checkSession(session, expected: user.text, key.credentials)
  }

  private func proveAssumeRole(
    _ user: UserARN, _ device: borrowing NewVirtualMFADevice, _ key: borrowing NewAccessKey
  ) throws {
    let role = try makeRole(trusting: user)
    try writePolicy(.assuming(role))
    try checkIdentity(of: user, key.credentials)
    try checkDenial(.buckets, key.credentials)
    try checkDenial(ofRole: request(for: role), key.credentials)
    let session = try assume(request(for: role), with: device, signedBy: key.credentials)
    let arn = "arn:\(role.partition):sts::\(role.account):assumed-role/\(role.name)/\(names.session.text)"
    try checkSession(session, expected: arn, key.credentials)
  }

  func step(_ event: ScenarioEvent) throws {
    tell(event)
    try time.wait(.zero)
  }
}
