import AWSDouble
import TestSupport

/// A keyring with bob's key, an account with bob, and strace(1) to end commands in their middle.
struct RotationScene {
  let scene: Scene
  let trace: SystemCallTrace

  init(_ command: String = "rotate bob", input: String = "") throws {
    scene = try Scene(config: "[profile bob]\nregion = eu-west-1\n")
    try scene.storeKey(of: "bob")
    trace = SystemCallTrace(
      command: try builtProgram("daypass") + " " + command, environment: scene.environment, input: input,
      log: scene.scratch.path("trace"))
  }

  /// The same, for an `add` of the key that is there already.
  init(adding user: String) throws {
    guard let key = Account.demo[user: user]?.keys.first else { throw SetupFailure("no user \(user)") }
    try self.init("add \(user) --stdin --force", input: "\(key.id)\n\(key.secret)\n")
  }

  /// The ids of bob's keys in AWS.
  var listed: [String] { scene.double.account[user: "bob"]?.keys.map(\.id) ?? [] }

  /// Whether AWS takes the key that the keyring holds.
  func holdsWorkingKey() throws -> Bool { try lackOfWorkingKey() == nil }

  /// What a command got that should have got a working key; nil where it got one.
  func lackOfWorkingKey() throws -> String? {
    let command = "daypass exec bob --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
    var outcome = try scene.run(command)
    // A keyring that is slow on a busy machine is no loss, and says to try again.
    if outcome.status == .exited(75) { outcome = try scene.run(command) }
    let lines = outcome.outputText.split(separator: "\n").map(String.init)
    let isWorking =
      outcome.status == .exited(0) && lines.count == 2
      && scene.double.account[user: "bob"]?.keys.contains {
        $0.id == lines[0] && $0.secret == lines[1] && $0.isActive
      } == true
    return isWorking ? nil : "\(outcome.status): \(lines.first ?? "") \(outcome.errorText)"
  }

  /// Evenly chosen system calls of the command, a run being spent on finding them; all of them in the long run.
  func boundaries(_ count: Int) throws -> [SystemCallTrace.Boundary] {
    let all = try trace.boundaries()
    return Soak.isOn ? all : Self.some(count, of: all)
  }

  /// The same of what its keyring worker sends to the bus; in the long run all calls of the worker.
  func workerBoundaries(_ count: Int) throws -> [SystemCallTrace.Boundary] {
    let all = try trace.workerBoundaries()
    return Soak.isOn ? all : Self.some(count, of: all.filter { $0.name == "sendmsg" })
  }

  private static func some<Element>(_ count: Int, of all: [Element]) -> [Element] {
    guard all.count > count else { return all }
    return (0..<count).map { all[$0 * all.count / count] }
  }
}
