import Foundation
import Glibc
import TestSupport
import Testing

/// `import --delete-source` is killed with SIGKILL at its system calls, or at those of the threads that talk to the bus,
/// or the keyring forgets what it was given: at any time the key is where it was, or in the keyring.
@Suite(
  .keyring,
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct ImportCrashTests {
  @Test(arguments: ImportOrigin.allCases)
  func `an import killed at any system call loses no key, and the next one finishes it`(origin: ImportOrigin) throws {
    let scene = try ImportScene(of: origin)
    try expectNoLoss(in: scene, killedAt: scene.boundaries, "import from \(origin.rawValue)")
  }

  @Test func `an import killed at any message to the keyring loses no key, and the next one finishes it`() throws {
    let scene = try ImportScene(of: .collection)
    try expectNoLoss(in: scene, killedAt: scene.busBoundaries, "import, at messages to the keyring,")
  }

  /// A call may come less often than in the run before, so that not every kill takes place.
  private func expectNoLoss(
    in scene: ImportScene, killedAt boundaries: [SystemCallTrace.Boundary], _ name: String
  ) throws {
    var (points, lost, removed) = (0, 0, 0)
    for boundary in boundaries {
      try scene.reset()
      guard try scene.trace.kill(at: boundary) else { continue }
      points += 1
      if try scene.isInSource {
        let again = try scene.run(scene.command)
        #expect(again.status == .exited(0), "after \(boundary): \(again.errorText)")
        #expect(try !scene.isInSource && !scene.hasLeftovers, "after \(boundary)")
      } else {
        removed += 1
      }
      if try scene.isInKeyring { continue }
      lost += 1
      Issue.record("the key is not in the keyring after \(boundary)")
    }
    #expect(points > 0)
    publish(
      figure: "\(name) killed at system calls: points, of them after the removal, keys lost",
      "\(points), \(removed), \(lost)")
  }

  /// A file that cannot be removed or rewritten is reported.
  @Test(arguments: [(ImportOrigin.credentials, ["rename", "renameat"]), (.files, ["unlinkat"])])
  func `a source that cannot be changed keeps its key, with a warning`(
    origin: ImportOrigin, calls: [String]
  ) throws {
    let scene = try ImportScene(of: origin)
    try scene.reset()
    let change = try #require(scene.trace.boundaries().last { calls.contains($0.name) })
    try scene.reset()
    let outcome = scene.trace.fail(at: change, with: "EROFS")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("in the keyring, and still where they were: work\n"), "\(outcome.errors)")
    #expect(try scene.isInSource && scene.isInKeyring)
  }

  @Test(.enabled(if: ServiceDouble.isPossible, "python3-gi or openssl is not installed"))
  func `a keyring that only says that it stored a key is not believed, and the source stays`() throws {
    let scene = try ImportScene(of: .credentials)
    try scene.reset()
    scene.scene.keyring.kill()
    let service = try ServiceDouble("forgetful", on: scene.scene.keyring.bus)
    let outcome = try scene.scene.run(scene.command)
    #expect(outcome.status == .exited(1), "\(outcome.errorText)")
    let cause = "the keyring returned something other than what was just stored"
    #expect(outcome.errorText.contains(cause), "\(outcome.errorText)")
    #expect(service.calls.contains("CreateItem"))
    #expect(try scene.isInSource)
  }
}

// MARK: - Import scene

/// Where a key is taken from.
enum ImportOrigin: String, CaseIterable, Sendable {
  case credentials
  case collection = "aws-vault"
  case files = "aws-vault-file"
}

/// A key in one source, and an import of it under strace(1).
struct ImportScene {
  let scene: Scene
  let trace: SystemCallTrace
  private let origin: ImportOrigin

  private static let key = MadeUpKey(id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  private static let plain = "[work]\naws_access_key_id = \(key.id)\naws_secret_access_key = \(key.secret)\n"
  private static let collection = "awsvault"

  init(of origin: ImportOrigin) throws {
    self.origin = origin
    scene = try Scene()
    scene.environment["AWS_VAULT_FILE_PASSPHRASE"] = VaultEntry.passphrase
    for folder in ["home/.awsvault", "home/.awsvault/keys"] { scene.scratch.makeFolder(folder) }
    trace = SystemCallTrace(
      command: try builtProgram("daypass") + Self.arguments(origin), environment: scene.environment, input: "",
      log: scene.scratch.path("trace"))
  }

  var command: String { "daypass" + Self.arguments(origin) }

  private static func arguments(_ origin: ImportOrigin) -> String {
    " import --from \(origin.rawValue) --all --no-verify --delete-source --credential-process"
  }

  /// As before the first import.
  func reset() throws {
    _ = try scene.run("daypass remove work --force")
    try? FileManager.default.removeItem(atPath: scene.home + "/.aws/config")
    guard try !isInSource else { return }
    switch origin {
    case .credentials: scene.scratch.write(Self.plain, to: "home/.aws/credentials")
    case .collection:
      try scene.keyring.keep([VaultEntry("work", id: Self.key.id, secret: Self.key.secret)], in: Self.collection)
    case .files: scene.scratch.write(VaultEntry.file, to: "home/.awsvault/keys/work")
    }
  }

  /// As whole as it was.
  var isInSource: Bool {
    get throws {
      switch origin {
      case .credentials: FileManager.default.contents(atPath: scene.home + "/.aws/credentials") == Data(Self.plain.utf8)
      case .collection: scene.keyring.lookUp(["profile": "work"]).contains("\"Key\":\"work\"")
      case .files:
        FileManager.default.contents(atPath: scene.home + "/.awsvault/keys/work") == Data(VaultEntry.file.utf8)
      }
    }
  }

  var isInKeyring: Bool {
    get throws {
      try run("daypass exec work --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY").outputText
        == Self.key.lines
    }
  }

  /// A keyring that is slow on a busy machine is no loss, and says to try again.
  func run(_ command: String) throws -> Launch.Outcome {
    let first = try scene.run(command)
    return first.status == .exited(75) ? try scene.run(command) : first
  }

  /// Files that a killed import has written and not put in their place.
  var hasLeftovers: Bool {
    get throws { try scene.scratch.names(in: "home/.aws").contains { $0.hasPrefix(".") } }
  }

  /// Some of the command's system calls, and each of the last ones.
  var boundaries: [SystemCallTrace.Boundary] {
    get throws {
      try reset()
      let all = try trace.boundaries()
      return Soak.isOn ? all : all.dropLast(10).spread(4) + all.suffix(10)
    }
  }

  var busBoundaries: [SystemCallTrace.Boundary] {
    get throws {
      try reset()
      let all = try trace.busBoundaries()
      let messages = all.filter { $0.name == "sendmsg" }
      return Soak.isOn ? all : messages.dropLast(4).spread(3) + messages.suffix(4)
    }
  }
}
