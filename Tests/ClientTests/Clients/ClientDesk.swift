import AWSDouble
import TestSupport

/// A world whose AWS is our own double, with the keys of alice, who needs MFA for S3, and bob, who does not.
final class ClientDesk {
  static let device = "arn:aws:iam::123456789012:mfa/alice"
  static let buckets = ["demo-backups", "demo-logs", "demo-website"]
  let aws: AWSDouble
  let world: ClientWorld

  init() throws {
    aws = try AWSDouble.start()
    world = try ClientWorld(endpoint: aws.url, config: Self.config)
    for user in aws.account.users {
      let key = user.keys[0]
      try world.add(user.name, keyID: key.id, secret: key.secret, "--no-verify")
    }
  }

  deinit { try? aws.stop() }

  /// Calls of an action that were carried out.
  func count(_ action: Action) -> Int {
    aws.calls.count { $0.action == action.rawValue && $0.outcome == "ok" }
  }

  /// Gets and caches the session that a profile of alice's needs, as she would in a terminal.
  func open(_ profile: String) throws {
    let code = aws.code(for: Self.device) ?? "none"
    try world.output(of: "daypass exec \(profile) --mfa-code \(code) -- true")
  }

  private static let config = """
    [profile alice]
    mfa_serial = \(device)
    region = us-east-1
    [profile readonly]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    role_session_name = tester
    source_profile = alice
    region = us-east-1
    [profile bob]
    region = us-east-1
    [profile sdk]
    credential_process = daypass credential-process readonly
    region = us-east-1
    [profile sdk-logged]
    credential_process = sh -c "echo started >> $LOG; exec daypass credential-process bob"
    region = us-east-1
    [profile sdk-key]
    credential_process = daypass credential-process bob --no-session
    region = us-east-1

    """
}
