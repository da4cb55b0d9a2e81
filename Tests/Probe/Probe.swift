import CLinux
import CTestSupport
import Delivery
import Glibc
import Secrets
import TerminalIO

/// A program that does one thing of daypass's at the edge of its process, for tests that need a process of its own.
@main
enum Probe {
  static func main() {
    do {
      let start = try Hardening.begin()
      try run(start.arguments.dropFirst().map { String(decoding: $0, as: UTF8.self) }, start)
    } catch {
      Output.standardError.show("probe: \(error)\n")
      exit(status(of: error))
    }
  }

  private static func run(_ arguments: [String], _ start: ProcessStart) throws {
    switch arguments.first {
    case "ask": try ask(arguments[1])
    case "ask-twice": try askTwice()
    case "defer": try deferSignals()
    case "ask-briefly": try ask("hidden", until: .now + .seconds(5))
    case "confirm": try confirm(preset: arguments[1] == "yes" ? .yes : .no)
    case "picture": try PictureProbe.ask(seed: arguments[1], account: arguments[2])
    case "residue": try PictureProbe.reportResidue()
    case "residue-of-request": try ResidueProbe.report(port: Int(arguments[1]))
    case "exec": try exec(start, count: arguments.count - 1)
    case "write": try Output.standard.write(String(repeating: "x", count: 1 << 20))
    case "hardened": try report()
    case "crash": crash(start.arguments)
    case "without-keys": try runWithoutKeys(Array(arguments.dropFirst()))
    default: exit(64)
    }
  }

  private static func ask(_ echo: String, until deadline: ContinuousClock.Instant? = nil) throws {
    guard let terminal = Terminal.foreground() else { throw ProbeError.noTerminal }
    let echoes: [String: Echo] = ["hidden": .hidden, "visible": .visible, "id": .accessKeyID]
    let answer = try terminal.readLine("question: ", echo: echoes[echo] ?? .hidden, until: deadline)
    try Output.standard.write("answer=\(answer.revealed() ?? "?") length=\(answer.count)\n")
  }

  private static func askTwice() throws {
    guard let terminal = Terminal.foreground() else { throw ProbeError.noTerminal }
    let answers = try terminal.dialogue { dialogue in
      let id = try dialogue.readLine("id: ", echo: .accessKeyID)
      let secret = try dialogue.readLine("secret: ", echo: .hidden)
      return [id.count, secret.count]
    }
    try Output.standard.write("lengths=\(answers)\n")
  }

  /// Says what signal came while it was deferred.
  private static func deferSignals() throws {
    try deferringSignals { signal in
      try Output.standard.write("begun\n")
      let isOver = signal.wait(timeout: .seconds(60))
      try Output.standard.write("undone=\(isOver)\n")
    }
  }

  private static func confirm(preset: Confirmation) throws {
    guard let terminal = Terminal.foreground() else { throw ProbeError.noTerminal }
    let answer = try terminal.confirms("remove \u{1b}[2J?", preset: preset)
    try Output.standard.write("confirmed=\(answer)\n")
  }

  private static func exec(_ start: ProcessStart, count: Int) throws {
    let variables = CredentialVariables(profile: "prod", region: .ofUser("eu-west-1"))
    let replacement = ProcessReplacement(command: start.arguments.suffix(count), variables: variables, from: start)
    if start.environment.value(of: "PROBE_SKIP_CHECK") == nil { try replacement.check() }
    // As libraries do, so that the test sees it undone.
    signal(SIGUSR2, SIG_IGN)
    try replacement.deliver(
      Credentials(
        accessKeyID: "AKIAEXAMPLE", secretAccessKey: SecretBytes(copying: "made-up/secret+key="),
        sessionToken: SecretBytes(copying: token(start))))
  }

  private static func token(_ start: ProcessStart) -> String {
    if let token = start.environment.value(of: "PROBE_TOKEN") { return String(decoding: token, as: UTF8.self) }
    let length = start.environment.dictionary["PROBE_TOKEN_LENGTH"].flatMap { Int($0) }
    return length.map { String(repeating: "t", count: $0) } ?? "made-up-token"
  }

  /// Traps with a secret at hand.
  private static func crash(_ arguments: [[UInt8]]) {
    _ = arguments[arguments.count]
  }

  /// Runs a command for which the kernel keeps no keys, or, with EDQUOT, no more of them.
  private static func runWithoutKeys(_ arguments: [String]) throws {
    guard let error = Int32(arguments[0]), test_refuse_keys(error, error == EDQUOT ? 0 : 1) == 0 else { exit(64) }
    let vector = CStringVector(arguments.dropFirst().map { Array($0.utf8) })
    _ = unsafe vector.withPointers { unsafe execvp(arguments[1], $0) }
    exit(127)
  }

  /// What `Hardening` has done, a fact a line.
  private static func report() throws {
    var core = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    let mask = umask(0)
    try Output.standardError.write(
      """
      core=\(core.rlim_cur) umask=\(mask) dumpable=\(linux_is_dumpable())
      keylog=\(unsafe getenv("SSLKEYLOGFILE") == nil ? "gone" : "kept")
      readable0=\(read(0, nil, 0) == 0) descriptor=\(unsafe open("/dev/null", O_RDONLY))

      """)
    try Output.standard.write("out\n")
  }

  private static func status(of error: any Error) -> Int32 {
    switch error {
    case DeliveryError.commandNotFound: 127
    case DeliveryError.commandNotExecutable: 126
    default: 1
    }
  }
}

enum ProbeError: Error {
  case noTerminal
  case noRoom
  case searchFindsNothing
}
