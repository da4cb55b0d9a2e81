import AWSDouble
import TestSupport
import Testing

/// What others can see of a key that is stored and used: on the bus, in the items' attributes, in messages.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
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
    let leaks = secrets.flatMap { SecretTraces(of: $0).found(in: record) }
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
    #expect(try SecretTraces(of: key.secret).found(in: monitor.record()) == [key.secret])
  }

  @Test func `items have the agreed attributes and labels, and say nothing of keys, roles and accounts`() throws {
    try run("daypass add alice --stdin --no-verify")
    try run("daypass exec readonly --mfa-code {code} -- true")
    let items = scene.keyring.paths(with: [:]).map { path in
      let attributes = scene.keyring.property("Attributes", ofItem: path)
      return attributes.replacing(#/'profile': '[0-9a-f]{64}'/#, with: "'profile': '{digest}'") + " "
        + scene.keyring.property("Label", ofItem: path)
    }
    let session =
      "(<{'kind': 'session', 'profile': '{digest}', 'version': '1', 'xdg:schema': 'io.github.daypass.Session'}>,) "
      + "(<'daypass: session of alice'>,)"
    let key =
      "(<{'kind': 'key', 'profile': 'alice', 'version': '1', 'xdg:schema': 'io.github.daypass.LongTermKey'}>,) "
      + "(<'daypass: AWS access key of alice'>,)"
    #expect(items.sorted() == [key, session, session])
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
    #expect(SecretTraces(of: key.secret).found(in: debugged.joined()) == [])
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
