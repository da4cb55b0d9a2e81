import AWSDouble
import Foundation
import TestSupport

/// All that a daypass on its own sees: a scratch HOME, a private keyring and an AWS double.
final class Scene {
  static let device = "arn:aws:iam::123456789012:mfa/alice"
  /// A user with an MFA device, and a role that trusts her.
  static let config = """
    [profile alice]
    mfa_serial = \(device)
    region = eu-west-1

    [profile readonly]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    source_profile = alice
    role_session_name = e2e
    region = eu-west-1

    """

  let keyring: PrivateKeyring
  /// Where HOME is, and what else belongs to the user.
  let scratch: ScratchFolder
  let double: AWSDouble
  let home: String
  var environment: [String: String]
  /// The MFA codes that commands were given.
  private(set) var usedCodes: Set<String> = []

  private let loan: BorrowedKeyring?

  /// With a keyring of its own.
  convenience init(config: String? = nil) throws {
    let keyring = try PrivateKeyring()
    try self.init(config: config, keyring, environment: keyring.environment, in: keyring.bus.scratch)
  }

  /// With a keyring that other tests had before; for what neither locks nor kills it, and ends with its commands.
  convenience init(config: String?, on loan: BorrowedKeyring) throws {
    let scratch = ScratchFolder()
    let environment = loan.keyring.bus.environment(in: scratch)
    try self.init(config: config, loan.keyring, environment: environment, in: scratch, loan)
  }

  private init(
    config: String?, _ keyring: PrivateKeyring, environment: [String: String], in scratch: ScratchFolder,
    _ loan: BorrowedKeyring? = nil
  ) throws {
    (self.keyring, self.environment, self.scratch, self.loan) = (keyring, environment, scratch, loan)
    double = try AWSDouble.start()
    home = environment["HOME"] ?? ""
    self.environment["AWS_ENDPOINT_URL"] = double.url
    self.environment["PATH"] = scratch.makeFolder("bin") + ":/usr/bin:/bin"
    self.environment["TZ"] = "UTC"
    scratch.makeFolder("home/.aws")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("bin/daypass"), withDestinationPath: builtProgram("daypass"))
    if let config { scratch.write(config, to: "home/.aws/config") }
  }

  /// The usual scene: alice's key is stored, and the config has her and a role.
  static func withAlice() throws -> Scene {
    let scene = try Scene(config: config)
    try scene.storeKey(of: "alice")
    return scene
  }

  deinit {
    try? double.stop()
    KernelKeys.forget(with: scratch.path)
  }

  var configText: String { get throws { try scratch.text(of: "home/.aws/config") } }

  /// Keeps the key of a user of the demo account, without leaving a trace in config or calls.
  func storeKey(of user: String, as profile: String? = nil) throws {
    guard let key = Account.demo[user: user]?.keys.first else { throw SetupFailure("no user \(user)") }
    var launch = launch("daypass add \(profile ?? user) --stdin --no-verify --force")
    launch.environment.append(Array("AWS_CONFIG_FILE=\(scratch.path)/config-of-setup".utf8))
    launch.input = scratch.write("\(key.id)\n\(key.secret)\n", to: "key-of-setup")
    let outcome = try launch.run()
    try FileManager.default.removeItem(atPath: launch.input)
    guard outcome.status == .exited(0) else { throw SetupFailure(outcome.errorText) }
  }

  /// A valid code that a command is given; `usedCodes` remembers it.
  func useCode() throws -> String {
    let code = try code()
    usedCodes.insert(code)
    return code
  }

  /// A code of alice's device that is good now; each call gives another once the last was spent.
  func code() throws -> String {
    if let code = double.code(for: Self.device) { return code }
    double.clock = double.clock.advanced(by: 30)
    guard let code = double.code(for: Self.device) else { throw SetupFailure("no code is left") }
    return code
  }
}

// MARK: - Running

extension Scene {
  /// A shell command in this scene, without a terminal; `{code}` and `{home}` are filled in by `run`.
  func launch(_ command: String) -> Launch {
    var launch = Launch("/bin/sh", ["-c", command], environment: environment.map { "\($0.key)=\($0.value)" })
    launch.session = .own
    launch.folder = home
    return launch
  }

  /// Runs a shell command in which `daypass` is the built binary.
  @discardableResult
  func run(_ command: String, input: String = "", environment: [String: String] = [:]) throws -> Launch.Outcome {
    var launch = launch(try filled(command))
    for (name, value) in environment {
      launch.environment.removeAll { $0.starts(with: Array("\(name)=".utf8)) }
      launch.environment.append(Array("\(name)=\(value)".utf8))
    }
    launch.input = scratch.write(input, to: "input")
    defer { try? FileManager.default.removeItem(atPath: launch.input) }
    return try launch.run()
  }

  /// A shell command as it runs `seconds` from now.
  static func later(_ seconds: Int, _ command: String) -> String { at("-f +\(seconds)s", command) }

  /// A shell command as it runs at a time that faketime takes. faketime names what it shares with its child after its
  /// process ID, and fails if one that was killed left something of that name.
  static func at(_ time: String, _ command: String) -> String {
    #"sh -c 'rm -f /dev/shm/*faketime_*_$$; exec faketime "$@"' sh \#(time) \#(command)"#
  }

  /// The same, watched by strace where that is possible.
  func runTraced(_ command: String, input: String) throws -> (Launch.Outcome, Trace?) {
    var launch = launch(try filled(command))
    launch.input = scratch.write(input, to: "input")
    defer { try? FileManager.default.removeItem(atPath: launch.input) }
    guard Trace.isPossible else { return (try launch.run(), nil) }
    let folder = ScratchFolder()
    let outcome = try launch.traced(to: folder.path("trace")).run()
    return (outcome, Trace(of: try folder.text(of: "trace")))
  }

  /// Runs a command that is to succeed.
  @discardableResult
  func prepare(_ command: String) throws -> String {
    let outcome = try run(command)
    guard outcome.status == .exited(0) else { throw SetupFailure("\(command): \(outcome.errorText)") }
    return outcome.outputText
  }

  /// A program on a terminal of its own; a shell if it is a shell command.
  func terminal(_ command: String, within seconds: Int = 60) throws -> PseudoTerminal {
    try PseudoTerminal(launch(try filled(command)), within: seconds, in: self)
  }

  /// The names of the calls that came, in order.
  var actions: [String] { double.calls.map(\.action) }

  func filled(_ text: String) throws -> String {
    var text = text.replacing("{home}", with: home).replacing("{device}", with: Self.device)
      .replacing("{double}", with: double.url)
    if text.contains("{code}") { text = text.replacing("{code}", with: try useCode()) }
    return text
  }
}

// MARK: - Identity Center

extension Scene {
  /// A session, and a profile for one of its roles.
  static let identityCenterConfig = """
    [sso-session corp]
    sso_start_url = https://d-abc123.awsapps.com/start
    sso_region = eu-west-1

    [profile readonly]
    sso_session = corp
    sso_account_id = 123456789012
    sso_role_name = ReadOnly
    region = eu-west-1

    """

  static func ofIdentityCenter() throws -> Scene { try Scene(config: identityCenterConfig, on: BorrowedKeyring()) }

  /// A browser in which somebody approves whatever page is opened.
  func prepareBrowser() throws {
    let lines = [
      "#!/bin/sh", "case $1 in", "*user_code=*) curl -sf \"\(double.url)/_double/approve?${1#*\\?}\" ;;",
      "*) curl -sL \"$1\" ;;", "esac", "",
    ]
    environment["DAYPASS_BROWSER"] = scratch.write(lines.joined(separator: "\n"), to: "bin/browser", mode: 0o700)
  }

  /// Keeps a token as the AWS CLI keeps that of the sign-in `corp`.
  func keepTokenOfCLI(_ token: String) {
    let document = """
      {"startUrl":"https://d-abc123.awsapps.com/start","region":"eu-west-1","accessToken":"\(token)",
       "expiresAt":"2999-01-01T00:00:00Z"}
      """
    scratch.makeFolder("home/.aws/sso/cache")
    // The SHA-1 of `corp`.
    scratch.write(document, to: "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json")
  }

  /// Signs in by a browser, and forgets the calls that it took.
  func signIn() throws {
    try prepareBrowser()
    let terminal = try terminal("exec daypass exec readonly -- true")
    guard try terminal.waitForExit() == .exited(0) else { throw SetupFailure(terminal.transcript) }
    double.identityCenter.calls = []
  }

  var identityCenterCalls: [String] { double.identityCenter.calls }
}
