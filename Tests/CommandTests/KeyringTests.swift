import AWSDouble
import Foundation
import TestSupport
import Testing

/// Many processes, and many items.
@Suite(.keyring)
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
    let count = Soak.rounds(50, soak: 400)
    var generator = SeededGenerator(seed: 7)
    let keys = (0..<count).map { _ in MadeUpKey(using: &generator) }
    let commands = keys.map { start("add alice --stdin --no-verify", input: $0.lines) }
    let statuses = commands.map { $0.wait() }
    let stored = keys.indices.filter { statuses[$0] == 0 }
    #expect(stored.count == 1)
    #expect(keyring.paths(with: ["daypass-profile": "alice"]).count == 1)
    #expect(stored.map { keys[$0].lines } == [key(of: "alice")])
    let words = Set(keys.indices.filter { statuses[$0] != 0 }.map { "\(statuses[$0]) " + commands[$0].errors })
    let unexpected = words.filter { words in !Self.refusals.contains(where: words.contains) }
    #expect(unexpected == [])
    publish(
      figure: "daypass add of one profile at once: processes, stored, items",
      "\(count), \(stored.count), \(keyring.paths(with: ["daypass-profile": "alice"]).count)")
  }

  /// What an add says that came too late, or did not get its turn in ten seconds.
  private static let refusals = [
    " is changing this key\n",
    "75 daypass: another daypass has just stored a key for profile 'alice', which is kept\n",
    "64 daypass: cannot ask whether to replace the key of profile 'alice' in the keyring: no terminal\n",
    "config locked\n",
    "75 daypass: the keyring did not answer within 10 s\n",
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
    #expect(keyring.paths(with: ["daypass-profile": "alice"]).count == 1)
  }

  @Test func `every process of many gets the key of its profile`() throws {
    let contents = KeyringContents(profiles: Soak.rounds(80, soak: 200), seed: 9)
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
      figure: "gets of \(contents.keys.count) profiles, 20 at once: right, told to try again, wrong",
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
    #expect(list.output.split(separator: "\n").count { $0.contains("  keyring ") } == count)
    let new = MadeUpKey(id: "AKIAI44QH8DHBEXAMPLE", secret: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
    let add = start("add new --stdin --no-verify", input: new.lines)
    #expect(add.wait() == 0, "\(add.errors)")
    #expect(key(of: "new") == new.lines)
    #expect(start("remove p0 --force").wait() == 0)
    #expect(keyring.paths(with: ["daypass-profile": "p0"]) == [])
    publish(figure: "items in the keyring that get, list, add and remove were tried with", count)
  }

  @Test func `a thousand items are listed while the keyring is locked`() throws {
    let contents = KeyringContents(profiles: 1_000, seed: 11)
    try contents.fill(keyring)
    try keyring.lock()
    let list = start("list")
    #expect(list.wait() == 0, "\(list.errors)")
    #expect(list.output.split(separator: "\n").count { $0.contains("  keyring ") } == 1_000)
    #expect(keyring.isCollectionLocked)
  }
}

// MARK: - Keyring traffic tests

/// What others can see of a key that is stored and used: on the bus, in the items' attributes, in messages.
@Suite(.keyring)
struct KeyringTrafficTests {
  private let scene: Scene
  private let key: (id: String, secret: String)

  init() throws {
    scene = try Scene(config: Scene.config)
    // Sessions are to cross the bus, too.
    scene.environment["DAYPASS_CACHE"] = "keyring"
    let key = try #require(Account.demo[user: "alice"]?.keys.first)
    self.key = (key.id, key.secret)
  }

  @discardableResult
  private func run(_ command: String, _ environment: [String: String] = [:]) throws -> Launch.Outcome {
    let outcome = try scene.run(command, input: "\(key.id)\n\(key.secret)\n", environment: environment)
    #expect(outcome.status == .exited(0), "\(command): \(outcome.errorText)")
    return outcome
  }

  @Test(.enabled(if: Installed.has("dbus-monitor"), "dbus-monitor is not installed"))
  func `nothing secret crosses the bus in clear, and every session with the keyring is encrypted`() throws {
    let monitor = try BusMonitor(on: scene.keyring.bus)
    try run("daypass add alice --stdin")
    try run("daypass exec alice --no-session -- true")
    let session = try run("daypass exec alice --mfa-code {code} -- printenv AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN")
    try run("daypass exec alice -- true")
    try run("daypass list")
    try run("daypass remove alice --force")
    let record = try monitor.record()
    let secrets = [key.secret] + session.outputText.split(separator: "\n").map(String.init)
    #expect(secrets.count == 3)
    let leaks = secrets.flatMap { SecretForms(of: $0).found(in: record) }
    #expect(leaks == [])
    let sessions = record.ranges(of: "OpenSession").count
    #expect(sessions > 0)
    #expect(record.ranges(of: "dh-ietf1024-sha256-aes128-cbc-pkcs7").count >= sessions)
    // As D-Bus sends a text: its length before it, a zero byte after it.
    let plainSessions = record.ranges(of: "\u{5}\0\0\0plain\0").count
    #expect(plainSessions == 0)
    publish(figure: "secrets that crossed the session bus in clear", leaks.count)
    publish(figure: "sessions with the keyring, of them unencrypted", "\(sessions), \(plainSessions)")
    // The same record shows a secret that is sent in clear.
    #expect(eventually { monitor.hasSeen(key.secret) })
    #expect(try SecretForms(of: key.secret).found(in: monitor.record()) == [key.secret])
  }

  @Test(.enabled(if: Installed.has("dbus-monitor"), "dbus-monitor is not installed"))
  func `a key is read without the service's properties and signals, which nobody looks at`() throws {
    try run("daypass add alice --stdin --no-verify")
    let monitor = try BusMonitor(on: scene.keyring.bus)
    try run("daypass exec alice --no-session -- true")
    let record = try monitor.record()
    for word in ["OpenSession", "GetSecrets"] { #expect(record.ranges(of: word).count == 1) }
    // As D-Bus ends a text, which the descriptions of interfaces in the record do not.
    for word in ["GetAll\0", "StartServiceByName\0", "'PropertiesChanged'"] { #expect(!record.contains(word)) }
  }

  @Test func `items have the agreed attributes and labels, and say nothing of keys, roles and accounts`() throws {
    try run("daypass add alice --stdin --no-verify")
    try run("daypass exec readonly --mfa-code {code} -- true")
    let items = scene.keyring.paths(with: [:]).map { path in
      let attributes = scene.keyring.property("Attributes", ofItem: path)
      return attributes.replacing(#/'[0-9a-f]{64}'/#, with: "'{digest}'") + " "
        + scene.keyring.property("Label", ofItem: path)
    }
    let session =
      "(<{'daypass-format': '2', 'daypass-kind': 'session', 'daypass-session': '{digest}', "
      + "'xdg:schema': 'io.github.daypass.Session'}>,) "
      + "(<'daypass: session'>,)"
    let key =
      "(<{'daypass-format': '2', 'daypass-kind': 'key', 'daypass-profile': 'alice', "
      + "'xdg:schema': 'io.github.daypass.LongTermKey'}>,) "
      + "(<'daypass: AWS access key of alice'>,)"
    #expect(items.sorted() == [key, session, session])
  }

  @Test func `a person reads a key back with secret-tool`() throws {
    try run("daypass add alice --stdin --no-verify")
    let text = scene.keyring.lookUp(["daypass-kind": "key", "daypass-profile": "alice"])
    let members = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(members?["access_key_id"] as? String == key.id)
    #expect(members?["secret_access_key"] as? String == key.secret)
  }

  @Test func `aws-vault's add of the same profile leaves the key alone`() throws {
    try run("daypass add alice --stdin --no-verify")
    try scene.keyring.plant(["profile": "alice"], secret: #"{"Key":"alice","Data":"e30="}"#)
    let secret = try run("daypass exec alice --no-session -- printenv AWS_SECRET_ACCESS_KEY")
    #expect(secret.outputText == key.secret + "\n")
    try run("daypass remove alice --force")
    #expect(scene.keyring.lookUp(["profile": "alice"]) == #"{"Key":"alice","Data":"e30="}"#)
  }

  @Test func `GLib's debugging variables print nothing, and reach the command that is run`() throws {
    let commands = [
      "daypass add alice --stdin --no-verify --force", "daypass list", "daypass exec alice --no-session -- true",
      "daypass export alice --mfa-code {code} >/dev/null", "daypass remove alice --force",
    ]
    let variables = [
      "G_MESSAGES_DEBUG": "all", "G_DBUS_DEBUG": "all", "G_DEBUG": "fatal-warnings", "SECRET_DEBUG": "all",
      "LIBSECRET_DEBUG": "all",
    ]
    let quiet = try commands.map { try run($0).errorText }
    let debugged = try commands.map { try run($0, variables).errorText }
    #expect(debugged == quiet)
    #expect(SecretForms(of: key.secret).found(in: debugged.joined()) == [])
    try run("daypass add alice --stdin --no-verify")
    let inner = try run("daypass exec alice --no-session -- printenv G_DBUS_DEBUG G_MESSAGES_DEBUG", variables)
    #expect(inner.outputText == "all\nall\n")
  }

  @Test func `what a killed keyring left in its folder is left alone`() throws {
    let leftovers = ["login.keyring.temp-12345", ".temp-ABCDEF"]
    for name in leftovers { scene.scratch.write("the daemon's", to: "data/keyrings/" + name) }
    try run("daypass add alice --stdin --no-verify")
    try run("daypass remove alice --force")
    for name in leftovers { #expect(try scene.scratch.text(of: "data/keyrings/" + name) == "the daemon's") }
  }
}

// MARK: - Key age tests

/// What `list` says of a key's age, which only the keyring can tell it.
@Suite(.keyring)
struct KeyAgeTests {
  private let scene: Scene

  /// With a key that was stored 91 days and an hour ago.
  init() throws {
    scene = try Scene()
    let contents = KeyringContents(profiles: 1, seed: 11, stored: Date(timeIntervalSinceNow: -91 * 86_400 - 3_600))
    try contents.fill(scene.keyring)
  }

  @Test func `a key's age counts from when it was stored, and a locked keyring tells it too`() throws {
    #expect(try row == "p0 keyring 91 d")
    try scene.keyring.lock()
    #expect(try row == "p0 keyring 91 d\nthe keyring is locked: daypass unlock")
  }

  @Test func `a keyring that was never unlocked tells no age, and none is shown`() throws {
    // The keyring is in clear as it was filled, and encrypted when it is written.
    try storeAnotherKey()
    scene.keyring.kill()
    try scene.keyring.startNeverUnlocked()
    #expect(try row == "p0 unknown\nthe keyring is locked, and does not tell which keys it holds: daypass unlock")
    let json = try scene.prepare("daypass list --json")
    #expect(!json.contains("keyAgeDays") && !json.contains("keyStored"))
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a key that was added while the clock was before 1970 can be used`() throws {
    let early = "NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1 " + Scene.at("'1969-06-01 12:00:00'", "")
    let bob = try #require(Account.demo[user: "bob"]?.keys.first)
    let added = try scene.run("\(early) daypass add work --stdin", input: "\(bob.id)\n\(bob.secret)\n")
    #expect(added.status == .exited(0), "\(added.errorText)")
    for clock in ["", early] {
      let identity = try scene.run("\(clock) daypass whoami work")
      #expect(identity.outputText == "arn:aws:iam::123456789012:user/team/bob\n", "\(identity.errorText)")
      #expect(try scene.prepare("\(clock) daypass list").contains("work"))
    }
  }

  @Test func `a key that takes another's place begins anew`() throws {
    try storeAnotherKey()
    #expect(try row == "p0 keyring 0 d")
  }

  private func storeAnotherKey() throws {
    let key = try #require(KeyringContents(profiles: 1, seed: 12).keys.first).key
    let add = try scene.run("daypass add p0 --stdin --no-verify --force", input: key.lines)
    #expect(add.status == .exited(0), "\(add.errorText)")
  }

  /// That of the profile, its columns a space apart.
  private var row: String {
    get throws {
      let lines = try scene.prepare("daypass list").split(separator: "\n")
      return lines.dropFirst().map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: "\n")
    }
  }
}

// MARK: - Secret bytes tests

/// Secrets of all lengths and bytes: what `add` takes it gives back byte for byte, and what it does not it refuses before
/// anything is written.
@Suite(.keyring)
struct SecretBytesTests {
  private let scene: Scene

  init() throws { scene = try Scene(config: Scene.config) }

  /// Runs `add` with these bytes as the secret.
  private func add(_ secret: Data) throws -> Launch.Outcome {
    let path = scene.scratch.path("key")
    try (Data("AKIAI44QH8DHBEXAMPLE\n".utf8) + secret + Data("\n".utf8)).write(to: URL(filePath: path))
    var launch = scene.launch("daypass add alice --stdin --no-verify")
    launch.input = path
    return try launch.run()
  }

  @Test(arguments: [1, 40, 8_191, 8_192, 8_193, 65_000])
  func `a secret comes back byte for byte`(count: Int) throws {
    let printable = Array(0x21...0x7e) as [UInt8]
    let secret = Data((0..<count).map { printable[$0 * 7 % printable.count] })
    #expect(try add(secret).status == .exited(0))
    let given = try scene.run("daypass exec alice --no-session -- printenv AWS_SECRET_ACCESS_KEY")
    let isSame = Data(given.output) == secret + Data("\n".utf8)
    #expect(isSame)
  }

  @Test(arguments: [
    Data(), Data(repeating: 0x41, count: 65_536), Data(repeating: 0x41, count: 1 << 20), Data([0x41, 0, 0x42]),
    Data([0x41, 0xff]), Data("key🔑".utf8), Data([0xff]), Data([0]),
  ])
  func `a secret that is none is refused before anything is written`(secret: Data) throws {
    let before = try contents()
    let outcome = try add(secret)
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.hasPrefix("daypass: ") && outcome.errorText.contains("\ndaypass: hint: "))
    #expect(try contents() == before)
    #expect(scene.keyring.paths(with: [:]) == [])
  }

  /// What the keyring's folder and the config hold.
  private func contents() throws -> [String] {
    let files = try scene.scratch.names(in: "data/keyrings").map { scene.scratch.path("data/keyrings/" + $0) }
    return try (files + [scene.scratch.path("home/.aws/config")]).map { path in
      path + " " + (try Data(contentsOf: URL(filePath: path)).base64EncodedString())
    }
  }
}
