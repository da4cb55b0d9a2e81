import TestSupport
import Testing

/// Many processes, and many items.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyringLoadTests {
  private let keyring: PrivateKeyring
  private let program: String

  init() throws {
    keyring = try PrivateKeyring()
    program = try builtProgram("daypass")
  }

  private func start(_ arguments: String, input: String = "") -> ChildProcess {
    ChildProcess(["sh", "-c", "exec \(program) \(arguments)"], environment: keyring.environment, input: input)
  }

  private func key(of profile: String) -> String {
    let command = start("exec \(profile) --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
    return command.wait() == 0 ? command.output : command.errors
  }

  @Test func `of many adds of one profile at once one stores its key, and the others say so`() throws {
    let count = Soak.rounds(100, soak: 400)
    var generator = SeededGenerator(seed: 7)
    let keys = (0..<count).map { _ in MadeUpKey(using: &generator) }
    let commands = keys.map { start("add alice --stdin --no-verify", input: $0.lines) }
    let statuses = commands.map { $0.wait() }
    let stored = keys.indices.filter { statuses[$0] == 0 }
    #expect(stored.count == 1)
    #expect(keyring.paths(with: ["profile": "alice"]).count == 1)
    #expect(stored.map { keys[$0].lines } == [key(of: "alice")])
    let words = Set(keys.indices.filter { statuses[$0] != 0 }.map { "\(statuses[$0]) " + commands[$0].errors })
    let unexpected = words.filter { words in !Self.refusals.contains(where: words.contains) }
    #expect(unexpected == [])
    publish(
      figure: "daypass add of one profile at once: processes, stored, items",
      "\(count), \(stored.count), \(keyring.paths(with: ["profile": "alice"]).count)")
  }

  /// What an add says that came too late, or did not get its turn in ten seconds.
  private static let refusals = [
    " is changing this key\n",
    "75 daypass: profile 'alice' was given a key by another daypass meanwhile, which is kept\n",
    "64 daypass: there is no terminal to ask on: replace the key of profile 'alice' in the keyring?\n",
    "config is being changed by another daypass, which does not come to an end\n",
    "75 daypass: the keyring did not answer within 2 s\n",
  ]

  /// The keyring works for each of them for milliseconds: the last waits longer than for one that is stuck.
  @Test(arguments: [nil, 16])
  func `callers at once who each need the keyring all get their key`(connections: Int?) throws {
    let keyring = try PrivateKeyring(connections.map(BusRestriction.connections))
    var generator = SeededGenerator(seed: 10)
    let add = ChildProcess(
      ["sh", "-c", "exec '\(program)' add alice --stdin --no-verify"], environment: keyring.environment,
      input: MadeUpKey(using: &generator).lines)
    try #require(add.wait() == 0, "\(add.errors)")
    let count = Soak.rounds(50, soak: 300)
    let caller = "'\(program)' credential-process alice --no-session 2>&1 || echo failed"
    let callers = "i=0; while [ $i -lt \(count) ]; do i=$((i+1)); (\(caller)) & done; wait"
    let answers = ChildProcess.run(["sh", "-c", callers], environment: keyring.environment).output
    let failures = answers.split(separator: "\n").count { $0 == "failed" }
    #expect(failures == 0, "\(answers)")
    #expect(answers.split(separator: "\"SecretAccessKey\"").count == count + 1)
    #expect(keyring.isAlive)
    publish(
      figure:
        "callers at once, a key each from a keyring of \(connections.map(String.init) ?? "any number of") connections",
      "\(count) (\(failures) failures)")
  }

  @Test func `forced adds of one profile at once leave the whole key of one`() throws {
    var generator = SeededGenerator(seed: 8)
    let keys = (0..<20).map { _ in MadeUpKey(using: &generator) }
    let commands = keys.map { start("add alice --stdin --no-verify --force", input: $0.lines) }
    let stored = zip(keys, commands.map { $0.wait() }).filter { $0.1 == 0 }.map(\.0.lines)
    #expect(stored.contains(key(of: "alice")))
    #expect(keyring.paths(with: ["profile": "alice"]).count == 1)
  }

  @Test func `every process of many gets the key of its profile`() throws {
    let contents = KeyringContents(profiles: 200, seed: 9)
    try contents.fill(keyring)
    var right = 0
    var late = 0
    let rounds = Soak.rounds(1, soak: 10)
    for _ in 0..<rounds {
      for start in stride(from: 0, to: contents.keys.count, by: 20) {
        let outcome = gets(of: Array(contents.keys[start..<min(start + 20, contents.keys.count)]))
        right += outcome.right
        late += outcome.late
      }
    }
    #expect(right + late == rounds * contents.keys.count)
    #expect(right > 0)
    publish(
      figure: "gets of 200 profiles, 20 at once: right, told to try again, wrong",
      "\(right), \(late), \(rounds * contents.keys.count - right - late)")
  }

  /// A machine that is busy with other things may let one wait for more than 2 s, which is then said.
  private func gets(of keys: [(profile: String, key: MadeUpKey)]) -> (right: Int, late: Int) {
    let commands = keys.map {
      start("exec \($0.profile) --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
    }
    return zip(keys, commands).reduce((0, 0)) { sum, pair in
      switch pair.1.wait() {
      case 0 where pair.1.output == pair.0.key.lines: return (sum.0 + 1, sum.1)
      case 75: return (sum.0, sum.1 + 1)
      case let status:
        Issue.record("\(pair.0.profile): \(status), \(pair.1.errors)")
        return sum
      }
    }
  }

  @Test func `with a thousand items get, list, add and remove still work`() throws {
    let count = Soak.rounds(1_000, soak: 3_000)
    let contents = KeyringContents(profiles: count, seed: 10)
    try contents.fill(keyring)
    #expect(key(of: "p\(count - 1)") == contents.keys[count - 1].key.lines)
    let list = start("list")
    #expect(list.wait() == 0, "\(list.errors)")
    #expect(list.output.split(separator: "\n").count { $0.contains("in the keyring") } == count)
    let new = MadeUpKey(id: "AKIAI44QH8DHBEXAMPLE", secret: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
    let add = start("add new --stdin --no-verify", input: new.lines)
    #expect(add.wait() == 0, "\(add.errors)")
    #expect(key(of: "new") == new.lines)
    #expect(start("remove p0 --force").wait() == 0)
    #expect(keyring.paths(with: ["profile": "p0"]) == [])
    publish(figure: "items in the keyring that get, list, add and remove were tried with", count)
  }

  @Test func `a thousand items are listed while the keyring is locked`() throws {
    let contents = KeyringContents(profiles: 1_000, seed: 11)
    try contents.fill(keyring)
    try keyring.lock()
    let list = start("list")
    #expect(list.wait() == 0, "\(list.errors)")
    #expect(list.output.split(separator: "\n").count { $0.contains("in the keyring") } == 1_000)
    #expect(keyring.isCollectionLocked)
  }
}
