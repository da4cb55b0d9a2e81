import Glibc
import TestSupport

/// A user with a key in a keyring of their own, whose daypass meets a hostile server.
final class Customer {
  private let keyring: PrivateKeyring
  private let program: String

  /// The secret of the long-term key; no output may hold it.
  static let longTermSecret = "CNRYlongterm/00000000000000000000000000/"
  /// What daypass says of the role it is to assume.
  static let role = "arn:aws:iam::123456789012:role/Deploy"
  static let device = "arn:aws:iam::123456789012:mfa/alice"

  init() throws {
    keyring = try PrivateKeyring()
    program = try builtProgram("daypass")
    keyring.bus.scratch.makeFolder("home/.aws")
    keyring.bus.scratch.write(Self.configuration, to: "home/.aws/config")
    let added = try run(
      ["add", "alice", "--env", "--no-verify"],
      with: ["AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": Self.longTermSecret])
    guard added.status == .exited(0) else { throw SetupFailure(added.errorText) }
  }

  /// Stores the key of the double's alice instead of the made-up one.
  func useKeyOfDouble() throws {
    let added = try run(
      ["add", "alice", "--env", "--no-verify", "--force"],
      with: [
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      ])
    guard added.status == .exited(0) else { throw SetupFailure(added.errorText) }
  }

  var home: String { keyring.bus.scratch.path("home") }

  /// Writes a file below the user's home.
  func write(_ text: String, to name: String) { keyring.bus.scratch.write(text, to: "home/" + name) }

  /// Runs daypass; calls of AWS go to `endpoint`, once each.
  func run(
    _ arguments: [String], at endpoint: String? = nil, with variables: [String: String] = [:], within seconds: Int = 60
  ) throws -> Launch.Outcome {
    try launch(arguments, at: endpoint, with: variables).run(within: seconds)
  }

  /// The same on a terminal; what the terminal got.
  func runOnTerminal(_ arguments: [String], at endpoint: String) throws -> String {
    let terminal = try PseudoTerminal(launch(arguments, at: endpoint, with: [:]))
    _ = try terminal.waitForExit()
    return terminal.transcript
  }

  /// The most memory daypass had resident, in KiB, as far as it was seen; read while it runs.
  func peakMemory(_ arguments: [String], at endpoint: String) -> Int {
    let child = ChildProcess(["env", program] + arguments, environment: variables(endpoint))
    var peak = 0
    while child.isAlive {
      peak = max(peak, Self.residentPeak(of: child.identifier))
      poll(nil, 0, 1)
    }
    return peak
  }

  private func launch(
    _ arguments: [String], at endpoint: String?, with more: [String: String]
  ) -> Launch {
    let variables = variables(endpoint).merging(more) { _, new in new }
    return Launch(program, arguments, environment: variables.map { "\($0.key)=\($0.value)" })
  }

  private func variables(_ endpoint: String?) -> [String: String] {
    var variables = keyring.environment
    variables["AWS_ENDPOINT_URL"] = endpoint
    variables["AWS_MAX_ATTEMPTS"] = "1"
    return variables
  }

  private static func residentPeak(of process: pid_t) -> Int {
    guard let file = fopen("/proc/\(process)/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("VmHWM:") { return text.split(separator: " ").compactMap { Int($0) }.first ?? 0 }
    }
    return 0
  }

  private static let configuration = """
    [profile alice]
    region = eu-west-1

    [profile deploy]
    role_arn = \(role)
    role_session_name = daypass
    source_profile = alice
    region = eu-west-1

    [profile phone]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    role_session_name = daypass
    source_profile = alice
    mfa_serial = \(device)
    region = eu-west-1

    """
}
