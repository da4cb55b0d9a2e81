import AWSDouble
import AWSServices
import AWSValues
import Keyring
import Scenarios
import Sessions
import TestSupport
import Testing

@testable import Profiles
@testable import daypass

/// Every error in words: what a user reads when something fails.
struct MessageTests {
  private static let all =
    MessageCase.aws + MessageCase.services + MessageCase.endpoints + MessageCase.http + MessageCase.keyring
    + MessageCase.sessions + MessageCase.sources + MessageCase.signIns + MessageCase.plans + MessageCase.files
    + MessageCase.delivery
    + MessageCase.process + MessageCase.imports + MessageCase.commands + MessageCase.rotations + MessageCase.devices
    + MessageCase.scenarios

  /// Words that are names, and keep their capitals where a sentence starts.
  private static let names: Set<Substring> = [
    "AWS", "AWS's", "HOME", "HTTPS_PROXY", "STS", "S3", "GetSessionToken", "OpenSSL", "X='",
  ]

  @Test func `every error has its documented exit status`() {
    for explained in Self.all {
      #expect(Messages.error(explained.error).status == explained.status, "\(explained.error)")
    }
  }

  @Test func `a hint is there wherever the user can do something`() {
    for explained in Self.all {
      let hint = Messages.error(explained.error).hint
      #expect((hint != nil) == (explained.hint == .present), "\(explained.error)")
    }
  }

  @Test func `every problem is one line that starts lower case and has no full stop`() {
    for explained in Self.all {
      let errorMessage = Messages.error(explained.error)
      for text in [errorMessage.problem, errorMessage.hint].compactMap({ $0 }) {
        #expect(!text.isEmpty && !text.hasSuffix(".") && !text.hasPrefix(" "), "\(text)")
      }
      let first = errorMessage.problem.prefix { $0 != " " }
      let isName = Self.names.contains { first.hasPrefix($0) }
      #expect(isName || first.first?.isUppercase == false, "\(errorMessage.problem)")
    }
  }

  @Test func `nothing that others have said can move the cursor, start a line or turn its direction`() {
    for explained in Self.all {
      let errorMessage = Messages.error(explained.error)
      for text in [errorMessage.problem, errorMessage.hint ?? ""] + errorMessage.quoted {
        #expect(text.displayLine() == text, "\(explained.error)")
      }
    }
  }

  @Test func `a hint names the profile where it is known`() {
    let hints = Self.all.compactMap { Messages.error($0.error).hint }
    let left = Self.all.compactMap { Messages.error($0.error).naming("pro\u{1b}d").hint }
    #expect(hints.contains { $0.contains("daypass add PROFILE") })
    #expect(!left.contains { $0.contains(" PROFILE") || $0.contains("\u{1b}") })
    #expect(left.contains("daypass add 'pro\\u{1b}d' --force stores the right one"))
  }

  @Test func `no hint reads like a command of ours that lacks its first word`() {
    for hint in Self.all.compactMap({ Messages.error($0.error).hint }) {
      #expect(!hint.hasPrefix("add ") && !DaypassCommand.names.contains { hint.hasPrefix("\($0) -") }, "\(hint)")
    }
  }

  @Test func `without a session bus the login's is named first, since a new one has a keyring of its own`() throws {
    let hint = try #require(Messages.error(SecretStoreError.secretService(.noBus)).hint)
    let login = try #require(hint.firstRange(of: "export XDG_RUNTIME_DIR=/run/user/$(id -u)"))
    let new = try #require(hint.firstRange(of: "dbus-run-session -- bash"))
    #expect(login.lowerBound < new.lowerBound)
  }

  @Test func `an error about rejected codes quotes what AWS said last`() throws {
    let device = try #require(MFADevice("arn:aws:iam::123456789012:mfa/alice"))
    let refusal = ServiceError(code: "AccessDenied", message: "invalid code.", requestID: "r-1", status: 403)
    let errors: [any UserFacingError] = [
      SessionError.noValidCode(device: device, tries: 3, refusal),
      MFADeviceError.noValidCodes(device, tries: 3, refusal),
      ScenarioError.codesRefused(tries: 3, refusal),
    ]
    for error in errors {
      let problem = Messages.error(error).problem
      #expect(problem.contains("3") && problem.hasSuffix(" (AccessDenied: invalid code, request id r-1)"))
    }
  }

  @Test func `under sudo a missing profile is looked for in the right home`() {
    let missing = ErrorMessage("there is no profile 'bob'", hint: "x", status: .noSuchProfile)
    let hint = missing.noticingSudo(in: ["SUDO_USER": "bob"]).hint
    #expect(hint == "sudo looks in root's home; as bob: daypass exec PROFILE -- sudo -E COMMAND")
    #expect(missing.noticingSudo(in: [:]) == missing)
    let refused = ErrorMessage("AWS denied access", hint: "x", status: .refused)
    #expect(refused.noticingSudo(in: ["SUDO_USER": "bob"]) == refused)
  }

  @Test func `the exit statuses are those of the manual`() {
    let statuses: [daypass.ExitStatus] = [
      .success, .failure, .usage, .badConfig, .noSuchProfile, .noKeyring, .tryAgain, .refused, .keyringLocked,
      .notExecutable, .notFound,
    ]
    #expect(statuses.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 75, 77, 78, 126, 127])
  }

  @Test func `an unforeseen error is still reported`() {
    struct Unforeseen: Error { let text = MessageCase.hostile }
    let errorMessage = Messages.error(Unforeseen())
    #expect(errorMessage.problem.hasPrefix("unexpected: "))
    #expect(errorMessage.problem.displayLine() == errorMessage.problem)
    #expect(errorMessage.status == .failure)
  }

  @Test(
    arguments: [
      (nil, "this machine's clock is off"), (90, "this machine's clock is off by 90 s: it is behind"),
      (-3600, "this machine's clock is off by 60 min: it is ahead"),
      (90000, "this machine's clock is off by 25 h: it is behind"),
    ] as [(Int?, String)])
  func `a wrong clock is reported with the offset and its direction`(offset: Int?, text: String) {
    #expect(Messages.clock(isOffBy: offset) == text)
  }

  @Test func `a session that is shorter than requested says so`() throws {
    let role = try #require(RoleARN("arn:aws:iam::123456789012:role/team/deploy"))
    let name = try #require(RoleSessionName("me@host"))
    var step = CredentialPlan.AssumeRole(role: role, sessionName: name, duration: .init(seconds: 3600))
    #expect(step.capWarning == nil)
    step.cappedFrom = .init(seconds: 7200)
    #expect(
      step.capWarning == "role deploy: 2h is reduced to 1h, AWS's limit for a role assumed from a session")
  }

  @Test func `a wrong code, a used code and a malformed code have different messages`() {
    let words = [MFARefusal.notSixDigits, .refused, .alreadyUsed, .clockWasOff(offset: 90)].map(\.words)
    #expect(Set(words).count == words.count)
  }
}

// MARK: - Messages case

/// An error, and what its message must have.
struct MessageCase {
  /// Text from elsewhere that must not reach a terminal unescaped.
  static let hostile = "ev\u{1b}[2Jil\nx\u{202e}"

  let error: any UserFacingError
  let status: daypass.ExitStatus
  let hint: Hint

  /// Whether there is something the user can do next.
  enum Hint { case present, absent }

  init(_ error: any UserFacingError, _ status: daypass.ExitStatus, _ hint: Hint = .present) {
    self.error = error
    self.status = status
    self.hint = hint
  }
}

// MARK: - Clock warning tests

/// A machine whose clock is an hour behind AWS's.
@Suite(.keyring)
struct ClockWarningTests {
  private static let warning =
    "daypass: warning: this machine's clock is off by 60 min: it is behind; AWS's time is used\n"
  private let keyring: PrivateKeyring
  private let home = ScratchFolder()
  private let aws: AWSDouble

  init() throws {
    keyring = try PrivateKeyring()
    aws = try AWSDouble.start(.demo)
    aws.clock = .offset(3600)
    home.makeFolder(".aws")
    home.write("[profile bob]\nregion = eu-west-1\n", to: ".aws/config")
  }

  private func run(_ arguments: String...) throws -> Launch.Outcome {
    let ours = [
      "HOME": home.path, "AWS_ENDPOINT_URL": aws.url, "AWS_ACCESS_KEY_ID": "AKIAI44QH8DHBEXAMPLE",
      "AWS_SECRET_ACCESS_KEY": "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    ]
    let environment = keyring.environment.merging(ours) { _, ours in ours }
    return try Launch(
      builtProgram("daypass"), arguments, environment: environment.map { "\($0.key)=\($0.value)" }
    ).run()
  }

  @Test func `each command that met it works all the same and says once how far the clock is off`() throws {
    defer { #expect(throws: Never.self) { try aws.stop() } }
    let added = try run("add", "bob", "--env")
    #expect(added.errorText.hasPrefix(Self.warning))
    #expect(added.errorText.ranges(of: Self.warning).count == 1)
    let asked = try run("whoami", "bob")
    #expect(asked.outputText == "arn:aws:iam::123456789012:user/team/bob\n")
    #expect(asked.errorText == Self.warning)
    let cached = try run("exec", "bob", "--", "true")
    #expect(cached.errorText == "", "nothing was asked, so nothing is known")
    #expect([added, asked, cached].map(\.status) == [.exited(0), .exited(0), .exited(0)])
  }
}
