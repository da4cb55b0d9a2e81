import TestSupport
import Testing

/// Sessions of another role than the one asked for (N14).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct OtherRoleTests {
  private static let asked = "arn:aws:sts::123456789012:assumed-role/Deploy/daypass"

  @Test func `credentials for anything but the role asked for are not used`() throws {
    let others = [
      "arn:aws:sts::210987654321:assumed-role/Deploy/daypass", "arn:aws:sts::123456789012:assumed-role/Admin/daypass",
      "arn:aws:sts::123456789012:assumed-role/Deploy/mallory",
      "arn:aws-cn:sts::123456789012:assumed-role/Deploy/daypass",
      "arn:aws:sts::123456789012:assumed-role/team/Deploy/daypass", "arn:aws:iam::123456789012:role/Deploy",
      "arn:aws:sts::123456789012:assumed-role/deploy/daypass", Self.asked + "/x", "x" + Self.asked, "daypass",
    ]
    try others.map {
      HostileCase("a session of \($0)", body: Self.answer($0), .refused(1, "asked for \(Customer.role)"))
    }.check(["credential-process", "deploy"])
  }

  @Test func `an answer that names no role, or names it unreadably, is not used`() throws {
    let unusable = Verdict.refused(1, "AWS's answer to AssumeRole is not usable")
    try [
      HostileCase("no name", body: Self.answer(""), unusable),
      HostileCase("a name with bidi", body: Self.answer(Self.asked + "\u{202e}"), unusable),
      HostileCase("two names", body: Self.answer(Self.asked + "</Arn><Arn>" + Self.asked), unusable),
      HostileCase("the session of a user", body: SessionAnswer().document, unusable),
    ].check(["credential-process", "deploy"])
  }

  @Test func `the role asked for is used`() throws {
    try [HostileCase("the role asked for", body: Self.answer(Self.asked), .served)]
      .check(["credential-process", "deploy"])
  }

  @Test func `an identity that contradicts itself is refused`() throws {
    let identity = """
      <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/alice</Arn>\
      <UserId>AIDA</UserId><Account>210987654321</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
      """
    try [HostileCase("another account", body: identity, .refused(1, "is not usable: Arn"))]
      .check(["whoami", "alice", "--no-session"])
  }

  private static func answer(_ arn: String) -> String {
    var answer = SessionAnswer()
    answer.assumedRole = arn
    return answer.document
  }
}
