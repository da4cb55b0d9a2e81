internal import Foundation

/// A real gnome-keyring on a bus of its own, in the state a test needs.
package final class PrivateKeyring {
  package let bus: PrivateBus
  private var daemon: ChildProcess?

  package static let isInstalled = Installed.has("dbus-daemon", "gnome-keyring-daemon", "gdbus", "secret-tool")
  package static let collection = "/org/freedesktop/secrets/collection/login"
  private static let service = "org.freedesktop.secrets"
  package static let password = "the password of a test"

  /// With the `login` collection made and open.
  package init(_ restriction: BusRestriction? = nil) throws {
    bus = try PrivateBus(restriction)
    try startUnlocked()
  }

  package var environment: [String: String] { bus.environment }
  package var isAlive: Bool { daemon?.isAlive ?? false }
  /// Where the daemon keeps what it writes.
  package var folder: String { bus.scratch.path + "/data/keyrings" }

  package func startUnlocked() throws {
    try start(Self.program + ["--unlock"], input: Self.password) { isLocked == "(<false>,)" }
  }

  /// As after a login without password: the daemon has not seen the collection's contents.
  package func startNeverUnlocked() throws {
    try start(Self.program) { isLocked == "(<true>,)" }
  }

  package func lock() throws {
    let answer = call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock", "['\(Self.collection)']")
    guard isLocked == "(<true>,)" else { throw SetupFailure("not locked: \(answer)") }
  }

  package var isCollectionLocked: Bool { isLocked == "(<true>,)" }

  package func freeze() { daemon?.send(SIGSTOP) }
  package func resume() { daemon?.send(SIGCONT) }

  package func kill() {
    daemon?.end()
    daemon = nil
  }

  /// Has another program store an item.
  package func plant(_ attributes: [String: String], secret: String) throws {
    let pairs = attributes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    let stored = ChildProcess.run(
      ["secret-tool", "store", "--label=planted"] + pairs, environment: environment, input: secret)
    guard stored.status == 0 else { throw SetupFailure(stored.errors) }
  }

  /// The object paths of the open items with these attributes.
  package func paths(with attributes: [String: String]) -> [String] {
    let answer = call(
      "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems", Self.dictionary(attributes))
    let open = answer.output.prefix { $0 != "]" }
    return open.split(separator: "'").map(String.init).filter { $0.hasPrefix("/") }
  }

  /// A property of an item, as gdbus prints it.
  package func property(_ name: String, ofItem path: String) -> String {
    call(path, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Item", name).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  package func setAttributes(_ attributes: [String: String], ofItem path: String) throws {
    let answer = call(
      path, "org.freedesktop.DBus.Properties.Set", "org.freedesktop.Secret.Item", "Attributes",
      "<" + Self.dictionary(attributes) + ">")
    guard answer.status == 0 else { throw SetupFailure(answer.errors) }
  }

  static let program = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]

  func start(_ command: [String], input: String = "", until isReady: () -> Bool) throws {
    daemon = ChildProcess(command, environment: environment, input: input)
    guard eventually(isReady) else { throw SetupFailure("\(command) did not start: \(daemon?.errors ?? "")") }
  }

  /// As gdbus prints the property of the `login` collection.
  var isLocked: String {
    call(Self.collection, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Collection", "Locked")
      .output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func call(
    _ path: String, _ method: String, _ arguments: String...
  ) -> (status: Int32, output: String, errors: String) {
    ChildProcess.run(
      ["gdbus", "call", "--session", "--dest", Self.service, "--object-path", path, "--method", method] + arguments,
      environment: environment)
  }

  private static func dictionary(_ attributes: [String: String]) -> String {
    "{" + attributes.map { "'\($0.key)': '\($0.value)'" }.joined(separator: ", ") + "}"
  }
}
