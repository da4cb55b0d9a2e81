import Foundation
import Glibc
import Keyring
import KeyringProcess
import Secrets
import Sessions
import TestSupport

/// Rounds in which the keyring daemon is killed while it writes, on a keyring of their own.
struct CrashRounds {
  private let keyring: PrivateKeyring
  private let keeper: any KeyKeeper
  private var generator: SeededGenerator
  private(set) var tally = CrashTally()

  init(seed: UInt64, _ keeper: (PrivateKeyring) throws -> any KeyKeeper) throws {
    generator = SeededGenerator(seed: seed)
    keyring = try PrivateKeyring()
    self.keeper = try keeper(keyring)
  }

  /// A profile gets its first key.
  mutating func runFirstAdds(_ count: Int) throws {
    for index in 0..<count {
      _ = try run("p\(index)", old: nil)
      try keeper.remove("p\(index)")
    }
  }

  /// A profile's key is replaced.
  mutating func runReplacements(_ count: Int) throws {
    var current = MadeUpKey(using: &generator)
    guard try keeper.add(current, as: "p", until: nil) == .stored else { throw SetupFailure("no first key") }
    for _ in 0..<count { current = try run("p", old: current) }
  }

  /// One round; returns the key that `profile` has now.
  private mutating func run(_ profile: String, old: MadeUpKey?) throws -> MadeUpKey {
    let new = MadeUpKey(using: &generator)
    let report = try keeper.add(new, as: profile, until: KillPoint(using: &generator))
    if case .failed(let words) = report { tally.failures.insert(words) }
    keyring.kill()
    try keyring.startUnlocked()
    let found = try keeper.find(profile)
    if report == .stored, found != .key(new) { tally.wrong.append("reported stored, then \(found)") }
    return try judge(found, in: profile, old: old, new: new)
  }

  private mutating func judge(
    _ found: Found, in profile: String, old: MadeUpKey?, new: MadeUpKey
  ) throws -> MadeUpKey {
    switch found {
    case .key(new): tally.new += 1
    case .key(old):
      tally.old += 1
      return old ?? new
    case .absent where old == nil: tally.absent += 1
    case .damaged: try repair(profile, with: new)
    case .absent, .key, .unclear: tally.wrong.append("\(found) after \(String(describing: old)) and \(new)")
    }
    return new
  }

  private mutating func repair(_ profile: String, with key: MadeUpKey) throws {
    tally.damaged += 1
    let report = try keeper.add(key, as: profile, until: nil)
    guard report == .stored, try keeper.find(profile) == .key(key) else {
      return tally.wrong.append("not repaired: \(report)")
    }
    tally.repaired += 1
  }
}

// MARK: - Crash tally

/// What was left after the rounds.
struct CrashTally {
  var absent = 0
  var old = 0
  var new = 0
  var damaged = 0
  var repaired = 0
  /// Everything that may not be, in words.
  var wrong: [String] = []
  /// What failed adds said.
  var failures: Set<String> = []

  /// Writes that did not come to their end.
  var interrupted: Int { absent + old + damaged }

  static func + (one: CrashTally, other: CrashTally) -> CrashTally {
    CrashTally(
      absent: one.absent + other.absent, old: one.old + other.old, new: one.new + other.new,
      damaged: one.damaged + other.damaged, repaired: one.repaired + other.repaired,
      wrong: one.wrong + other.wrong, failures: one.failures.union(other.failures))
  }
}

// MARK: - KillPoint

/// When the keyring daemon is killed, counted from the moment a write begins.
enum KillPoint {
  case after(microseconds: UInt32)
  /// As soon as so many files in the daemon's folder have come, gone or changed their names; a write changes ten.
  case atChange(Int)

  init(using generator: inout SeededGenerator) {
    self =
      generator.isOne(in: 2)
      ? .after(microseconds: UInt32(generator.number(0...15_000))) : .atChange(generator.number(1...10))
  }
}

// MARK: - Command keeper

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
    let profiles = (["p"] + (0..<Soak.rounds(10, soak: 200)).map { "p\($0)" }).map { "[profile \($0)]\n" }
    keyring.bus.scratch.makeFolder("home/.aws")
    keyring.bus.scratch.write(profiles.joined(), to: "home/.aws/config")
  }

  func add(_ key: MadeUpKey, as profile: String, until killPoint: KillPoint?) throws -> Report {
    changes.reset()
    let command = start("add \(profile) --stdin --no-verify --force", input: key.lines)
    if let killPoint { strike(killPoint, during: command) }
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
  private func strike(_ killPoint: KillPoint, during command: ChildProcess) {
    let number =
      switch killPoint {
      case .after: 1
      case .atChange(let number): number
      }
    while changes.count(waiting: 2) < number, command.isAlive {}
    if case .after(let microseconds) = killPoint { usleep(microseconds / 4) }
    keyring.kill()
  }

  private func start(_ arguments: String, input: String = "") -> ChildProcess {
    ChildProcess(["sh", "-c", "exec \(program) \(arguments)"], environment: keyring.environment, input: input)
  }
}

// MARK: - Store keeper

/// Keys kept through the store, without the command.
final class StoreKeeper: KeyKeeper {
  private let keyring: PrivateKeyring
  private let changes: FolderChanges
  private var killPoint: KillPoint?
  private let strikes = DispatchGroup()
  private lazy var store = StoreProcess(
    environment: keyring.environment, timeouts: KeyringTimeouts(answer: .seconds(30))
  ) { [unowned self] phase in
    if phase == .writing { strike() }
  }
  private var keys: LongTermKeys { LongTermKeys(store: store) }

  init(_ keyring: PrivateKeyring) throws {
    self.keyring = keyring
    changes = try FolderChanges(in: keyring.folder)
  }

  func add(_ key: MadeUpKey, as profile: String, until killPoint: KillPoint?) throws -> Report {
    changes.reset()
    self.killPoint = killPoint
    defer {
      strikes.wait()
      self.killPoint = nil
    }
    let credentials = Credentials(accessKeyID: key.id, secretAccessKey: SecretBytes(copying: key.secret))
    do {
      try keys.save(LongTermKey(credentials: credentials, stored: .now), for: profile)
      return .stored
    } catch let error as SecretStoreError {
      return .failed("\(error)")
    }
  }

  func find(_ profile: String) throws -> Found {
    do {
      guard let key = try keys.key(of: profile) else { return .absent }
      guard let secret = key.credentials.secretAccessKey.revealed() else { return .unclear("not text") }
      return .key(MadeUpKey(id: key.credentials.accessKeyID, secret: secret))
    } catch SecretStoreError.damaged, SessionError.damagedKey {
      return .damaged
    } catch {
      return .unclear("\(error)")
    }
  }

  func remove(_ profile: String) throws { try keys.remove(profile: profile) }

  /// Goes on while the store waits for the daemon.
  private func strike() {
    guard let killPoint else { return }
    nonisolated(unsafe) let (keyring, changes) = (keyring, changes)
    DispatchQueue.global().async(group: strikes) {
      switch killPoint {
      case .after(let microseconds): usleep(microseconds)
      case .atChange(let number): _ = eventually(within: 0.1) { changes.count(waiting: 2) >= number }
      }
      keyring.kill()
    }
  }
}

// MARK: - Key keeper

/// daypass, at one of its layers: adds keys and reads them back.
protocol KeyKeeper {
  /// Adds or replaces the key of `profile`; with a killPoint the keyring daemon is killed while it writes.
  func add(_ key: MadeUpKey, as profile: String, until killPoint: KillPoint?) throws -> Report
  func find(_ profile: String) throws -> Found
  func remove(_ profile: String) throws
}

/// What an `add` said.
enum Report: Equatable {
  case stored
  case failed(String)
}

/// What is there afterwards, as daypass tells it.
enum Found: Equatable {
  case absent, damaged
  case key(MadeUpKey)
  case unclear(String)
}

// MARK: - Made up key

/// An access key that AWS never gave out.
struct MadeUpKey: Equatable {
  let id: String
  let secret: String

  init(id: String, secret: String) {
    self.id = id
    self.secret = secret
  }

  init(using generator: inout SeededGenerator) {
    id = "AKIA" + generator.text(16...16, of: Self.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    // Lengths differ, so that a mixture of two shows.
    secret = generator.text(
      30...80, of: Self.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
  }

  /// As `add --stdin` takes it.
  var lines: String { "\(id)\n\(secret)\n" }

  private static func characters(_ text: String) -> [String] { text.map(String.init) }
}

// MARK: - Spread

extension Collection where Index == Int {
  /// `number` of them, evenly spread; all if there are no more.
  func spread(_ number: Int) -> [Element] {
    guard count > number else { return Array(self) }
    return (0..<number).map { self[startIndex + $0 * count / number] }
  }
}

// MARK: - System call trace

/// A command under strace(1), which can kill it before any of its system calls.
struct SystemCallTrace {
  let command: String
  let environment: [String: String]
  let input: String
  let log: String

  /// A system call: its name, and its number among the calls of that name.
  struct Boundary: Hashable, CustomStringConvertible {
    let name: String
    let number: Int
    var thread = Thread.main

    enum Thread { case main, bus }

    var description: String { "\(thread)'s \(name) \(number)" }
  }

  /// The calls that the command makes in a run to the end.
  func boundaries() throws -> [Boundary] {
    try runToTheEnd([])
    return try calls().map { Boundary(name: $0.name, number: $0.number) }
  }

  /// Those of GLib's threads, which talk to the bus, as far as one is the first of the threads to make a call of that name
  /// so often: strace counts for each thread of its own, and ends the first that comes so far.
  func busBoundaries() throws -> [Boundary] {
    try runToTheEnd(["-f"])
    let calls = try calls()
    var seen: Set<Boundary> = []
    return calls.compactMap { call in
      let boundary = Boundary(name: call.name, number: call.number, thread: .bus)
      let isFirst = seen.insert(boundary).inserted
      return isFirst && call.thread != calls.first?.thread ? boundary : nil
    }
  }

  /// Runs the command, and kills what `boundary` says; false if it was not reached.
  func kill(at boundary: Boundary) throws -> Bool {
    let injection = "inject=\(boundary.name):signal=KILL:when=\(boundary.number)"
    switch boundary.thread {
    case .main: return run(["-e", injection]) != 0
    case .bus:
      _ = run(["-f", "-e", injection])
      return try calls().contains { $0.name == boundary.name && $0.number == boundary.number }
    }
  }

  /// Runs the command with one of its calls failing, and gives its exit status and what it said.
  func fail(at boundary: Boundary, with error: String) -> (status: Int32, errors: String) {
    let child = start(["-e", "inject=\(boundary.name):error=\(error):when=\(boundary.number)"])
    return (child.wait(), child.errors)
  }

  /// The calls in a log of one process.
  static func boundaries(in text: String) -> [Boundary] {
    calls(in: text).map { Boundary(name: $0.name, number: $0.number) }
  }

  private func calls() throws -> [(thread: Substring, name: String, number: Int)] {
    Self.calls(in: try String(contentsOfFile: log, encoding: .utf8))
  }

  /// What a log tells, in its order; `thread` is empty if one process only was traced.
  private static func calls(in text: String) -> [(thread: Substring, name: String, number: Int)] {
    var numbers: [Substring: [String: Int]] = [:]
    return text.split(separator: "\n").compactMap { line in
      let thread = line.prefix { $0.isNumber }
      let call = line[thread.endIndex...].drop { $0 == " " }
      guard let end = call.firstIndex(of: "("), call.first?.isLetter == true else { return nil }
      let name = String(call[..<end])
      numbers[thread, default: [:]][name, default: 0] += 1
      return (thread, name, numbers[thread]?[name] ?? 0)
    }
  }

  private func runToTheEnd(_ options: [String]) throws {
    let status = run(options)
    guard status == 0 else { throw SetupFailure("\(command) under strace: \(status)") }
  }

  private func run(_ options: [String]) -> Int32 { start(options).wait() }

  private func start(_ options: [String]) -> ChildProcess {
    ChildProcess(
      ["strace", "-o", log] + options + ["sh", "-c", "exec \(command)"], environment: environment, input: input)
  }
}
