import Glibc
import TestSupport

/// Keys kept by the commands of the built program.
final class CommandKeeper: KeyKeeper {
  private let keyring: PrivateKeyring
  private let changes: FolderChanges
  private let program: String

  init(_ keyring: PrivateKeyring) throws {
    self.keyring = keyring
    changes = try FolderChanges(in: keyring.folder)
    program = try builtProgram("daypass")
    // An add that fails leaves the config as it is.
    let profiles = (["p"] + (0..<Soak.rounds(30, soak: 200)).map { "p\($0)" }).map { "[profile \($0)]\n" }
    keyring.bus.scratch.makeFolder("home/.aws")
    keyring.bus.scratch.write(profiles.joined(), to: "home/.aws/config")
  }

  func add(_ key: MadeUpKey, as profile: String, until blow: Blow?) throws -> Report {
    changes.reset()
    let command = start("add \(profile) --stdin --no-verify --force", input: key.lines)
    if let blow { strike(blow, during: command) }
    let status = command.wait()
    return status == 0 ? .stored : .failed("\(status): \(command.errors)")
  }

  func find(_ profile: String) throws -> Found {
    let command = start("exec \(profile) --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
    switch command.wait() {
    case 0:
      let lines = command.output.split(separator: "\n").map(String.init)
      return lines.count == 2 ? .key(MadeUpKey(id: lines[0], secret: lines[1])) : .unclear(command.output)
    case 66 where command.errors.contains("the keyring has no key for profile"): return .absent
    case 1 where command.errors.contains("is damaged"): return .damaged
    case let status: return .unclear("\(status): \(command.errors)")
    }
  }

  func remove(_ profile: String) throws {
    guard start("remove \(profile) --force").wait() != 0 else { return }
    guard try find(profile) == .absent else { throw SetupFailure("\(profile) stays") }
  }

  /// The write begins with its first change.
  private func strike(_ blow: Blow, during command: ChildProcess) {
    let number =
      switch blow {
      case .after: 1
      case .atChange(let number): number
      }
    while changes.count(waiting: 2) < number, command.isAlive {}
    if case .after(let microseconds) = blow { usleep(microseconds / 4) }
    keyring.kill()
  }

  private func start(_ arguments: String, input: String = "") -> ChildProcess {
    ChildProcess(["sh", "-c", "exec \(program) \(arguments)"], environment: keyring.environment, input: input)
  }
}
