import CLinux
internal import Foundation
import Glibc
import Synchronization

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
  /// What the daemon has complained of, such as an assertion that ended it.
  package var complaints: String { daemon?.errors ?? "" }
  /// Where the daemon keeps what it writes.
  package var folder: String { bus.scratch.path + "/data/keyrings" }

  package func startUnlocked() throws {
    // A new collection becomes the default one a moment after it is there.
    try start(Self.program + ["--unlock"], input: Self.password) { isLocked == "(<false>,)" && hasDefault }
  }

  private var hasDefault: Bool {
    callService("ReadAlias", "default").output.contains(Self.collection)
  }

  /// As after a login without password: the daemon has not seen the collection's contents.
  package func startNeverUnlocked() throws {
    try start(Self.program) { isCollectionLocked }
  }

  package func lock() throws {
    let answer = callService("Lock", "['\(Self.collection)']")
    guard isCollectionLocked else { throw SetupFailure("not locked: \(answer)") }
  }

  package var isCollectionLocked: Bool { isLocked == "(<true>,)" }

  package func freeze() { daemon?.send(SIGSTOP) }
  package func resume() { daemon?.send(SIGCONT) }

  package func kill() {
    daemon?.end()
    daemon = nil
  }

  /// The secret that `secret-tool` finds with these attributes.
  package func lookUp(_ attributes: [String: String]) -> String {
    ChildProcess.run(
      ["secret-tool", "lookup"] + attributes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] },
      environment: environment
    ).output
  }

  /// Has another program store an item with these attributes and no more, in place of whatever the keyring takes for the
  /// same, as aws-vault and granted do.
  package func plant(_ attributes: [String: String], secret: String) throws {
    let pairs = attributes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    let stored = ChildProcess.run(
      ["secret-tool", "store", "--label=planted"] + pairs, environment: environment, input: secret)
    guard stored.status == 0 else { throw SetupFailure(stored.errors) }
  }

  /// The object paths of the open items with these attributes.
  package func paths(with attributes: [String: String]) -> [String] {
    let open = callService("SearchItems", Self.dictionary(attributes)).output.prefix { $0 != "]" }
    return open.split(separator: "'").map(String.init).filter { $0.hasPrefix("/") }
  }

  package func delete(_ item: String) { _ = call(item, "org.freedesktop.Secret.Item.Delete") }

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
    for _ in 1...3 {
      let daemon = ChildProcess(command, environment: environment, input: input)
      self.daemon = daemon
      guard eventually({ !daemon.isAlive || isReady() }) else { break }
      if daemon.isAlive { return }
      // Asked for a property before it knows who asks, gnome-keyring 42.1 aborts, once in thousands of starts.
    }
    throw SetupFailure("\(command) did not start: \(daemon?.errors ?? "")")
  }

  /// As gdbus prints the property of the `login` collection.
  var isLocked: String {
    call(Self.collection, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Collection", "Locked")
      .output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func call(
    _ path: String, _ method: String, _ arguments: String...
  ) -> (status: Int32, output: String, errors: String) {
    bus.call(Self.service, path, method, arguments)
  }

  func callService(_ method: String, _ argument: String) -> (status: Int32, output: String, errors: String) {
    call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service." + method, argument)
  }

  private static func dictionary(_ attributes: [String: String]) -> String {
    "@a{ss} {" + attributes.map { "'\($0.key)': '\($0.value)'" }.joined(separator: ", ") + "}"
  }
}

// MARK: - Borrowed keyring

/// A keyring for a test of daypass rather than of the keyring: one test has it at a time, and gets it empty. It stays on
/// its bus for the next one, which saves starting both.
package final class BorrowedKeyring {
  package let keyring: PrivateKeyring

  private struct Idle: @unchecked Sendable { let keyring: PrivateKeyring }
  private static let idle = Mutex<[Idle]>([])

  package init() throws {
    while let returned = Self.idle.withLock({ $0.popLast() }) {
      guard returned.keyring.removeItems() else { continue }
      keyring = returned.keyring
      return
    }
    keyring = try PrivateKeyring()
  }

  deinit {
    let returned = Idle(keyring: keyring)
    Self.idle.withLock { $0.append(returned) }
  }
}

extension PrivateKeyring {
  /// Removes the items of every collection; false if some are left, are locked, or nobody answers.
  fileprivate func removeItems() -> Bool {
    let items = paths(with: [:])
    for path in items { delete(path) }
    let left = callService("SearchItems", Self.dictionary([:]))
    // A collection whose items could be removed is open.
    return left.output == "(@ao [], @ao [])\n" && (!items.isEmpty || !isCollectionLocked)
  }
}

// MARK: - States

/// The states that a keyring seldom comes in by itself.
extension PrivateKeyring {
  /// As for a user who never had a keyring.
  package func startWithoutCollection() throws {
    try? FileManager.default.removeItem(atPath: folder)
    try start(Self.program) { callService("ReadAlias", "default").output == "(objectpath '/',)\n" }
  }

  /// With what it holds on a disk of that kind, which only the daemon sees.
  package func startUnlocked(on disk: KeyringDisk) throws {
    try start(disk.command(folder: folder, running: Self.program + ["--unlock"]), input: Self.password) {
      isLocked == "(<false>,)"
    }
  }

  package func open() throws {
    kill()
    try startUnlocked()
  }
}

// MARK: - Keyring disk

/// A disk that takes nothing more, mounted over the folder of keyrings for the daemon alone.
package enum KeyringDisk: CaseIterable, Sendable {
  case full, readOnly

  /// Whether mounts of our own can be made here: as root, or if unprivileged user namespaces are allowed.
  package static let canBeMounted: Bool = {
    let folder = ScratchFolder()
    return Installed.has("unshare")
      && ChildProcess.run(
        ["unshare"] + namespace + ["mount", "-t", "tmpfs", "tmpfs", folder.path], environment: [:]
      ).status == 0
  }()

  func command(folder: String, running program: [String]) -> [String] {
    ["unshare"] + Self.namespace + ["sh", "-ec", script + "exec \"$@\"", folder] + program
  }

  private static let namespace = geteuid() == 0 ? ["-m"] : ["--user", "--map-current-user", "--keep-caps", "--mount"]

  private var script: String {
    switch self {
    case .full:
      """
      cp -a "$0" "$0.copy"
      mount -t tmpfs -o size=32k,mode=700 tmpfs "$0"
      cp -a "$0.copy/." "$0"
      dd if=/dev/zero of="$0/filler" bs=1k 2>/dev/null || true

      """
    case .readOnly:
      """
      mount --bind "$0" "$0"
      mount -o remount,bind,ro "$0"

      """
    }
  }
}

// MARK: - Python tool

/// What is easier said in Python than in Swift, beside this file. Debian's own Python has the bindings that they need.
enum PythonTool: String {
  case prompter
  case heldBus = "held-bus"
  case serviceDouble = "service-double"
  case collection

  func start(_ arguments: [String], environment: [String: String], input: String = "") -> ChildProcess {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return ChildProcess(
      ["env", Self.python, "/\(folder)/Keyring/\(rawValue).py"] + arguments, environment: environment, input: input)
  }

  private static let python = "/usr/bin/python3"

  /// Whether Debian's Python can load these modules of GObject introspection.
  static func hasBindings(_ modules: String...) -> Bool {
    let requirements = modules.map { "gi.require_version('\($0)', '3'); " }.joined()
    let program = "import gi; \(requirements)from gi.repository import Gio"
    return ChildProcess.run(["env", python, "-c", program], environment: [:]).status == 0
  }
}

// MARK: - Scripted prompter

/// A person before GNOME's password dialog, played by a program that takes the dialog's place on the bus.
package final class ScriptedPrompter {
  package enum Person: String, CaseIterable, Sendable {
    /// Does not look at the screen.
    case absent = "never"
    /// Closes every dialog.
    case unwilling = "dismiss"
    /// Enters the password.
    case willing = "answer"

    fileprivate var signal: Int32 {
      switch self {
      case .absent: SIGHUP
      case .unwilling: SIGUSR1
      case .willing: SIGUSR2
      }
    }
  }

  package static let isInstalled = PythonTool.hasBindings("Gcr")
  private let process: ChildProcess

  package init(_ person: Person, before keyring: PrivateKeyring) throws {
    process = PythonTool.prompter.start(
      [person.rawValue, PrivateKeyring.password], environment: keyring.environment)
    guard eventually({ count("ready") == 1 }) else { throw SetupFailure(process.errors) }
  }

  /// How many dialogs came up so far.
  package var dialogs: Int { count("asked") }

  package func waitForDialog(_ number: Int = 1) throws {
    guard eventually({ dialogs >= number }) else {
      throw TestTimeout(waitingFor: "dialog \(number)", seen: process.output + process.errors)
    }
  }

  /// Another person comes, to the dialogs that are open first.
  package func become(_ person: Person) throws {
    let before = count(person.rawValue)
    process.send(person.signal)
    guard eventually({ count(person.rawValue) > before }) else {
      throw TestTimeout(waitingFor: person.rawValue, seen: process.output + process.errors)
    }
  }

  /// How many dialogs the keyring took away.
  package var dialogsTakenAway: Int { count("stopped") }

  private func count(_ word: String) -> Int {
    process.output.split(separator: "\n").count { $0 == word }
  }
}

// MARK: - Service double

/// A Secret Service that does what the real one never does; `service-double.py` has the behaviours.
package final class ServiceDouble {
  package static let isPossible = Installed.has("openssl") && PythonTool.hasBindings()
  private let process: ChildProcess

  /// `behaviour`: a word, and a method if it has one, as in `error SearchItems`.
  package init(_ behaviour: String, on bus: PrivateBus) throws {
    process = PythonTool.serviceDouble.start(
      behaviour.split(separator: " ").map(String.init), environment: bus.environment)
    guard eventually({ calls.first == "ready" }) else { throw SetupFailure(process.errors) }
  }

  /// The methods that were called, after `ready`.
  package var calls: [String] { process.output.split(separator: "\n").map(String.init) }
}

// MARK: - Kernel keys

/// The keys that programs of a test left in the kernel, which outlive a scratch folder.
package enum KernelKeys {
  /// Whether the kernel keeps keys for us; many containers forbid it.
  package static let areAllowed: Bool = {
    forgetThoseOfKilledRuns()
    let key = linux_add_key("user", "daypass-test:probe", "x", 1, linux_process_keyring)
    return key >= 0 && linux_unlink_key(key, linux_process_keyring) == 0
  }()

  /// The descriptions of the user's keys that have `text` in them.
  package static func descriptions(with text: String) -> [String] { keys(with: text).map(\.description) }

  package static func forget(with text: String) {
    for key in keys(with: text) { linux_unlink_key(key.serial, linux_user_keyring) }
  }

  /// Forgets the keys whose scratch folder is gone.
  private static func forgetThoseOfKilledRuns() {
    for key in keys(with: "/tmp/daypass-test-") {
      guard let folder = key.description.firstMatch(of: #/\/tmp\/daypass-test-\w{6}\b/#)?.output else { continue }
      if access(String(folder), F_OK) != 0 { linux_unlink_key(key.serial, linux_user_keyring) }
    }
  }

  /// The number of a key of this user, for asking for it as somebody else.
  package static func serial(with text: String) -> Int32? { keys(with: text).first?.serial }

  /// Descriptions are a key's type, owner, permissions and name. The user may have thousands, and each scene asks.
  private static func keys(with text: String) -> [(serial: Int32, description: String)] {
    var buffer = [CChar](repeating: 0, count: 4_096)
    return serials.compactMap { serial in
      guard linux_describe_key(serial, &buffer, buffer.count) > 0, strstr(buffer, text) != nil else { return nil }
      return (serial, TestSupport.text(buffer))
    }
  }

  private static var serials: [Int32] {
    var serials = [Int32](repeating: 0, count: 4_096)
    while true {
      // The size of them all, of which as many are read as have room.
      let size = serials.withUnsafeMutableBytes { linux_read_key(linux_user_keyring, $0.baseAddress, $0.count) }
      let count = max(0, Int(size)) / MemoryLayout<Int32>.size
      if count <= serials.count { return Array(serials.prefix(count)) }
      serials = Array(repeating: 0, count: count)
    }
  }
}
