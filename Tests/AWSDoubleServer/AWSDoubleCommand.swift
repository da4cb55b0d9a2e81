import AWSDouble
import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc

@main
struct AWSDoubleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aws-double",
    abstract: "A strict AWS (STS, IAM, S3 ListBuckets) on a loopback port, for tests and demonstrations.",
    discussion: ManualText.discussion)

  @Option(help: ArgumentHelp("Where to write http://127.0.0.1:PORT once the port answers.", valueName: "file"))
  var portFile: String

  @Option(help: ArgumentHelp("The account, as JSON; without it, the demo account.", valueName: "file"))
  var state: String?

  func run() throws {
    // Before the server's threads start, so that they inherit the mask and only we are told.
    let end = EndOfService()
    let double = try AWSDouble.start(account())
    try Data(double.url.utf8).write(to: URL(filePath: portFile), options: .atomic)
    end.wait()
    try double.stop()
  }

  private func account() throws -> Account {
    guard let state else { return .demo }
    return try Account(json: Data(contentsOf: URL(filePath: state)))
  }
}

// MARK: - End of service

/// Waits for SIGTERM, SIGINT, or the end of standard input if that is a pipe: the end of whoever started us.
struct EndOfService {
  private let signals: sigset_t

  init() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signals = set
  }

  func wait() {
    if Self.isInputPipe { Self.terminateAtEndOfInput() }
    var (set, signal) = (signals, Int32(0))
    sigwait(&set, &signal)
  }

  /// A shell gives its background commands /dev/null, whose end means nothing.
  private static var isInputPipe: Bool {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  private static func terminateAtEndOfInput() {
    DispatchQueue.global().async {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      kill(getpid(), SIGTERM)
    }
  }
}

// MARK: - Manual text

/// What `aws-double --help` explains beyond its options.
enum ManualText {
  static let discussion = """
    All services answer on one port; the credential scope of a signature tells them apart. The server ends at SIGTERM, \
    or, if standard input is a pipe, at its end.

    THE DEMO ACCOUNT, 123456789012:
      user alice      key AKIAIOSFODNN7EXAMPLE
                      secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
                      device arn:aws:iam::123456789012:mfa/alice
                      seed JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
                      may list buckets with MFA only
      user /team/bob  key AKIAI44QH8DHBEXAMPLE
                      secret je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
                      no device, may list buckets
      user admin      key AKIAADMINMADEUPEXAMP
                      secret adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00
                      may do everything in IAM; the others may read there, and
                      change their own keys and MFA devices
      role ReadOnly   trusts alice with MFA, sessions up to 1 h
      role Deploy     trusts alice with MFA, sessions up to 4 h
      role Audit      trusts alice and ReadOnly, external id audit-2026,
                      may not list buckets
      buckets         demo-backups, demo-logs, demo-website

    STATE is JSON; every field but names, ids, ARNs, secrets, serials and seeds \
    may be left out:
      {"id": "123456789012", "partition": "aws",
       "users": [{"name": "alice", "path": "/",
          "keys": [{"id": "AKIA...", "secret": "...", "isActive": true}],
          "mfaDevices": [{"serial": "arn:...", "seed": "BASE32",
                          "enabled": "2026-01-01T00:00:00Z"}],
          "deniedActions": ["iam:GetUser"],
          "actionsNeedingMFA": ["s3:ListAllMyBuckets"],
          "assumableRoles": ["*"], "mayAdministerIAM": false,
          "isGovernedByPolicies": false, "policies": {"NAME": POLICY},
          "tags": {}, "created": "2026-01-01T00:00:00Z"}],
       "roles": [{"arn": "arn:...", "trusts": ["arn:..."], "requiresMFA": true,
          "externalID": "...", "maxSessionDuration": 3600,
          "deniedActions": [], "assumableRoles": [],
          "trustPolicy": POLICY, "policies": {"NAME": POLICY}, "tags": {}}],
       "unassignedMFADevices": [{"serial": "arn:...", "seed": "BASE32"}],
       "buckets": [{"name": "...", "created": "2026-01-01T00:00:00Z",
          "region": "us-east-1"}],
       "disabledRegions": ["eu-south-1"], "allowedSkew": 300,
       "iamPageSize": 100, "bucketPageSize": 10000}
    A POLICY is IAM's JSON; of conditions, only aws:MultiFactorAuthPresent under \
    Bool and BoolIfExists. Policies count for users with isGovernedByPolicies and \
    roles with a trustPolicy, such as CreateUser and CreateRole make.

    CONTROL API, under the same address:
      GET    /_double/code?serial=ARN  a code valid and unused now; waits for
                                       the next step where all are spent;
                                       with &step=1, that of the next step,
                                       spent or not
      GET    /_double/calls    the calls that came; DELETE forgets them
      GET    /_double/state    users, roles, buckets, sessions; no secrets
      POST   /_double/state    another account, as STATE; sessions stay
      POST   /_double/clock    {"offset": SECONDS}, {"advance": SECONDS} or
                               {"fixed": "2026-01-01T00:00:00Z"}
      POST   /_double/propagation  {"seconds": 5, "calls": 3}: how long new
                               users, keys, roles and policies take to be seen
      POST   /_double/faults   [{"action": "AssumeRole", "fault": NAME,
                               "times": 2}]; without action, any call;
                               DELETE forgets them
      POST   /_double/release  sends the answers held back by "delay"

    FAULTS. The call is not carried out: throttle, server-error, unavailable, \
    busy, hang, close, garbage, huge (bytes), redirect, refuse (status, code, \
    message), answer (status, type, body). It is: close-after-acting, cut, \
    wrong-date (seconds), delay, pass (nothing: lets a call through). busy is \
    IAM's EntityTemporarilyUnmodifiable.
    """
}
