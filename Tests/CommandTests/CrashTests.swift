import Foundation
import Glibc
import TestSupport
import Testing

/// gnome-keyring is killed with SIGKILL while it writes a key. A new item is two commits of its, attributes first, so a
/// profile may be left with an empty secret: that has to be told, and never used.
@Suite(.keyring)
struct KeyringCrashTests {
  private static let rounds = Soak.rounds(24, soak: 1_000)
  private static let commandRounds = Soak.rounds(10, soak: 200)

  @Test func `a keyring killed while it gets a first key has it, has none, or says that it is damaged`() async throws {
    let tally = try await Self.tally(of: Self.rounds, by: StoreKeeper.init) { try $0.runFirstAdds($1) }
    expect(tally, rounds: Self.rounds)
    #expect(tally.interrupted > 0, "no kill met a write")
    publish(
      figure: "keyring killed during a first add: absent, complete, damaged, wrong",
      "\(tally.absent), \(tally.new), \(tally.damaged), \(tally.wrong.count)")
  }

  @Test func `a keyring killed while it replaces a key has the old or the new one, or says that it is damaged`()
    async throws
  {
    let tally = try await Self.tally(of: Self.rounds, by: StoreKeeper.init) { try $0.runReplacements($1) }
    expect(tally, rounds: Self.rounds)
    #expect(tally.interrupted > 0, "no kill met a write")
    publish(
      figure: "keyring killed during a replacement: old, new, damaged, wrong",
      "\(tally.old), \(tally.new), \(tally.damaged), \(tally.wrong.count)")
  }

  @Test func `commands on a keyring killed in their middle end with 75 or 69, and say what is there afterwards`()
    async throws
  {
    let first = try await Self.tally(of: Self.commandRounds, by: CommandKeeper.init) { try $0.runFirstAdds($1) }
    expect(first, rounds: Self.commandRounds)
    let second = try await Self.tally(of: Self.commandRounds, by: CommandKeeper.init) { try $0.runReplacements($1) }
    expect(second, rounds: Self.commandRounds)
    #expect((first + second).interrupted > 0, "no kill met a write")
    publish(
      figure: "keyring killed during daypass add: absent, old, new, damaged, wrong",
      "\(first.absent), \(second.old), \(first.new + second.new), \(first.damaged + second.damaged), 0")
  }

  /// What a failed add says. A command that finds no keyring any more may have met its end between two calls.
  private static let failures = [
    "secretService(Keyring.SecretServiceError.serviceEnded)", "75: daypass: the keyring stopped while answering\n",
    "69: daypass: no keyring: nothing on the session bus offers the Secret Service\n",
  ]

  private func expect(_ tally: CrashTally, rounds: Int) {
    #expect(tally.wrong == [], "seeds 0 and 1")
    #expect(tally.repaired == tally.damaged)
    #expect(tally.absent + tally.old + tally.new + tally.damaged == rounds)
    let unexpected = tally.failures.filter { failure in !Self.failures.contains { failure.hasPrefix($0) } }
    #expect(unexpected == [])
  }

  /// Two keyrings at once; the seeds are fixed, the daemon's pace is not.
  private static func tally(
    of rounds: Int, by keeper: @escaping @Sendable (PrivateKeyring) throws -> any KeyKeeper,
    _ run: @escaping @Sendable (inout CrashRounds, Int) throws -> Void
  ) async throws -> CrashTally {
    try await withThrowingTaskGroup(of: CrashTally.self) { group in
      for lane in 0..<2 {
        group.addTask {
          var crashes = try CrashRounds(seed: UInt64(lane), keeper)
          try run(&crashes, rounds / 2)
          return crashes.tally
        }
      }
      return try await group.reduce(CrashTally(), +)
    }
  }
}

// MARK: - Config crash tests

/// `add` is killed at every system call of its change to the config file.
@Suite(
  .keyring,
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct ConfigCrashTests {
  private static let old = "# mine\n[default]\nregion = eu-west-1\n"
  private static let new = old + "\n[profile p]\n"

  private let keyring: PrivateKeyring
  private let trace: SystemCallTrace
  private var scratch: ScratchFolder { keyring.bus.scratch }

  init() throws {
    keyring = try PrivateKeyring()
    keyring.bus.scratch.makeFolder("home/.aws")
    trace = SystemCallTrace(
      command: try builtProgram("daypass") + " add p --stdin --no-verify --force", environment: keyring.environment,
      input: "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n", log: keyring.bus.scratch.path("trace"))
  }

  @Test func `a config file whose writer is killed is the old or the new one, and the next add cleans up`() throws {
    scratch.write(Self.old, to: "home/.aws/config")
    let boundaries = try writingBoundaries()
    #expect(Set(boundaries.map(\.name)).isSuperset(of: ["flock", "openat", "write", "fsync", "close"]))
    var texts: [String: Int] = [:]
    var leftovers = 0
    for boundary in boundaries.spread(Soak.rounds(20, soak: .max)) {
      scratch.write(Self.old, to: "home/.aws/config")
      guard try trace.kill(at: boundary) else { continue }
      texts[try scratch.text(of: "home/.aws/config"), default: 0] += 1
      leftovers += try scratch.names(in: "home/.aws").count - 1
      try expectRecovery(after: boundary)
    }
    #expect(Set(texts.keys) == [Self.old, Self.new])
    #expect(leftovers > 0, "no kill met the temporary file, so its removal was not tried")
    publish(
      figure: "add killed during the config write: old, new, torn",
      "\(texts[Self.old] ?? 0), \(texts[Self.new] ?? 0), \(texts.filter { $0.key != Self.old && $0.key != Self.new }.count)"
    )
  }

  @Test func `a config file in whose writing the disk is full is the old or the new one, its link and mode as before`()
    throws
  {
    let aws = scratch.path("home/.aws/config")
    scratch.makeFolder("home/dotfiles")
    try FileManager.default.createSymbolicLink(atPath: aws, withDestinationPath: "../dotfiles/aws")
    scratch.write(Self.old, to: "home/dotfiles/aws")
    let calls = try writingBoundaries().filter { ["openat", "write", "fsync", "rename", "renameat"].contains($0.name) }
    #expect(calls.count >= 5)
    var old = 0
    for call in calls {
      scratch.write(Self.old, to: "home/dotfiles/aws", mode: 0o640)
      let outcome = trace.fail(at: call, with: "ENOSPC")
      let text = try scratch.text(of: "home/dotfiles/aws")
      old += text == Self.old ? 1 : 0
      #expect(text == Self.new || text == Self.old && outcome.status != 0 && outcome.errors != "", "\(call)")
      let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("home/dotfiles/aws"))
      #expect(attributes[.posixPermissions] as? Int == 0o640, "\(call)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: aws) == "../dotfiles/aws", "\(call)")
      #expect(
        try scratch.names(in: "home/dotfiles") == ["aws"] && scratch.names(in: "home/.aws") == ["config"], "\(call)")
    }
    #expect(old > 0)
    publish(figure: "add with a full disk at writes of the config: old, new, torn", "\(old), \(calls.count - old), 0")
  }

  /// From the last lock on, which is that of the config's change; in the long run from the first, that of the key's.
  private func writingBoundaries() throws -> ArraySlice<SystemCallTrace.Boundary> {
    let all = try trace.boundaries()
    let isLock = { (boundary: SystemCallTrace.Boundary) in boundary.name == "flock" }
    return all[try #require(Soak.isOn ? all.firstIndex(where: isLock) : all.lastIndex(where: isLock))...]
  }

  private func expectRecovery(after boundary: SystemCallTrace.Boundary) throws {
    let again = ChildProcess(
      ["sh", "-c", "exec \(trace.command)"], environment: keyring.environment, input: trace.input)
    #expect(again.wait() == 0, "after \(boundary): \(again.errors)")
    #expect(try scratch.text(of: "home/.aws/config") == Self.new, "after \(boundary)")
    #expect(try scratch.names(in: "home/.aws") == ["config"], "after \(boundary)")
  }
}

// MARK: - Folder changes

/// Counts the files that come, go and are renamed in a keyring's folder while its collection is written (inotify(7)).
final class FolderChanges {
  private let descriptor: Int32
  private var seen = 0

  init(in folder: String) throws {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    let mask = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
    guard inotify_add_watch(descriptor, folder, mask) >= 0 else { throw SetupFailure("inotify: \(errno)") }
  }

  deinit { close(descriptor) }

  /// Forgets what happened so far.
  func reset() {
    read()
    seen = 0
  }

  /// Waits up to `milliseconds` for the next change, and tells how many there were.
  func count(waiting milliseconds: Int32) -> Int {
    var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&source, 1, milliseconds) > 0 { read() }
    return seen
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return }
      seen += Self.events(in: buffer[..<count])
    }
  }

  /// An event is 16 bytes, of which the last four tell the length of the name that follows.
  ///
  /// The daemon keeps other files there, and locks them at its start.
  private static func events(in bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    var place = 0
    while place + 16 <= bytes.count {
      let length = bytes[(place + 12)..<(place + 16)].reversed().reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[(place + 16)..<(place + 16 + length)], as: UTF8.self)
      if name.hasPrefix("login.keyring") || name.hasPrefix(".temp-") { count += 1 }
      place += 16 + length
    }
    return count
  }
}
