import Foundation
import Keyring
import Secrets
import TestSupport
import Testing

@testable import Sessions

/// Sessions that would get the better of a shell, through the whole program.
@Suite(
  .keyring,
  .enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here"))
struct HostileSessionTests {
  /// All by hand, and of those at random one in fifty; all of them in the long run.
  private static let values = HostileValues.all.enumerated().filter { index, _ in
    index < HostileValues.crafted.count || index % Soak.rounds(50, soak: 1) == 0
  }.map(\.element)
  private static let fine = Array("fine".utf8)

  /// What STS can answer: its reader takes no other characters in a secret (FieldTests), so the rest can come from a
  /// cache that somebody else has written to, and from nowhere else.
  private static func canBeServed(_ value: [UInt8]) -> Bool {
    !value.isEmpty && value.allSatisfy { (0x21...0x7e).contains($0) }
  }

  @Test(arguments: Shell.Syntax.allCases)
  func `shells get back what the program prints of a hostile session, and run none of it`(
    syntax: Shell.Syntax
  ) throws {
    let session = try PlantedSession()
    let values = Self.values.filter(HostileValues.isText)
    let documents = try Self.groups(of: values).compactMap { try document(of: $0, session, syntax) }
    let shells = Shell.installed.filter { $0.syntax == syntax && $0.triesAll }
    for shell in shells {
      let reading = try shell.read(documents)
      #expect(reading.difference == nil, "\(shell)")
      #expect(reading.effects == [], "\(shell)")
    }
    let missing = Self.groups(of: values).count - documents.count
    publish(
      figure: "hostile values through `daypass export` and eval in \(shells.map(\.rawValue).joined(separator: ", "))",
      "\(values.count - missing) in \(documents.count) sessions"
        + (missing > 0 ? ", \(missing) too large to cache" : ""))
  }

  @Test func `what a shell cannot be given is refused, and the shell fails`() throws {
    let session = try PlantedSession()
    let values = Self.values.filter { !HostileValues.isText($0) }
    for (index, value) in values.enumerated() {
      let (secret, token) = index % 2 == 0 ? (value, Self.fine) : (Self.fine, value)
      let outcome = try session.export("ASIAEXAMPLE", secret, token, for: index % 4 < 2 ? .posix : .fish)
      #expect(outcome.status != .exited(0) && outcome.outputText == "false\n", "\(value)")
      #expect(outcome.errorText.hasPrefix("daypass: ") && !outcome.errors.contains { $0 < 0x20 && $0 != 0x0a })
    }
    publish(figure: "hostile values that `daypass export` refuses", values.count)
    publish(figure: "hostile values that STS could answer", HostileValues.all.count(where: Self.canBeServed))
  }

  /// As key id, secret and token of a session: three at a time; alone what not every kernel keeps.
  private static func groups(of values: [[UInt8]]) -> [[[UInt8]]] {
    let large = values.filter { $0.count > largest }
    let small = values.filter { $0.count <= largest }
    let groups = stride(from: 0, to: small.count, by: 3).map { start in
      (0..<3).map { small[(start + $0) % small.count] }
    }
    return groups + large.map { [fine, fine, $0] }
  }

  /// A key of the type that every kernel has takes 32 KiB (keyrings(7)).
  private static let largest = 8_000

  /// What the program prints of a session; nil if it is too large for this kernel.
  private func document(
    of values: [[UInt8]], _ session: PlantedSession, _ syntax: Shell.Syntax
  ) throws -> ExportedDocument? {
    let texts = values.map { String(decoding: $0, as: UTF8.self) }
    do {
      let outcome = try session.export(texts[0], values[1], values[2], for: syntax)
      #expect(outcome.status == .exited(0) && outcome.errors.isEmpty, "\(texts): \(outcome.errorText)")
      return ExportedDocument(outcome.outputText, holding: texts + ["eu-west-1", "eu-west-1"])
    } catch is KernelKeyError {
      try #require(values.contains { $0.count > Self.largest })
      return nil
    }
  }
}

// MARK: - Into a shell

/// Credentials that a shell evaluates.
@Suite(.keyring)
struct ExportIntoShellTests {
  @Test(arguments: [
    "daypass export typo", "daypass export alice --bogus", "daypass export alice --duration 1x",
    "DAYPASS_CACHE=x daypass export alice", "daypass export alice --mfa-code 1",
  ])
  func `a script stops where export failed, rather than deploy with the credentials before`(command: String) throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("eval \"$(\(command))\" && echo deployed")
    #expect(outcome.status == .exited(1))
    #expect(outcome.outputText == "")
  }

  @Test func `a JSON reader gets nothing if export failed`() throws {
    let scene = try Scene.withAlice()
    #expect(try scene.run("daypass export typo --format json").outputText == "")
  }

  @Test(.enabled(if: Installed.has("fish"), "fish is not installed"))
  func `fish evaluates what export prints without a format`() throws {
    let scene = try Scene.withAlice()
    let commands = ["eval (daypass export alice --no-session)", "daypass export alice --no-session | source"]
      .map { "\($0); and env | grep -c ^AWS_SECRET_ACCESS_KEY=" }.joined(separator: "; ")
    let outcome = try scene.run("fish --no-config -c '\(commands)'")
    #expect(outcome.outputText == "1\n1\n")
    #expect(outcome.errorText == "")
  }
}

// MARK: - Planted session

/// A cached session of alice with any values at all, put into the kernel as daypass itself puts it there.
struct PlantedSession {
  private let scene: Scene
  private let program: String
  private let keyring: KernelKeyring
  private let name: String
  private let about: CachedSession.About

  init() throws {
    scene = try Scene.withAlice()
    program = try builtProgram("daypass")
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    keyring = KernelKeyring(name: "daypass:" + (scene.environment["XDG_DATA_HOME"] ?? ""))
    guard let name = try keyring.names().first, let payload = try keyring.secret(named: name) else {
      throw SetupFailure("no session is cached")
    }
    self.name = name
    about = try CachedSession(payload: payload).about
  }

  /// What `export` does when key id, secret and token are these.
  func export(
    _ accessKeyID: String, _ secret: [UInt8], _ token: [UInt8], for syntax: Shell.Syntax
  ) throws -> Launch.Outcome {
    try plant(accessKeyID, secret, token)
    let format = syntax == .posix ? "sh" : "fish"
    let variables = scene.environment.map { "\($0.key)=\($0.value)" }
    return try Launch(program, ["export", "alice", "--format", format], environment: variables).run()
  }

  /// The kernel gives back a user's quota a moment after a key is removed. Throws if the kernel keeps nothing so large.
  private func plant(_ accessKeyID: String, _ secret: [UInt8], _ token: [UInt8]) throws {
    let credentials = Credentials(
      accessKeyID: accessKeyID, secretAccessKey: SecretBytes(copying: secret.span),
      sessionToken: SecretBytes(copying: token.span), expiration: about.expiration)
    let payload = CachedSession(credentials: credentials, about: about).payload()
    var refusal: KernelKeyError?
    _ = eventually {
      refusal = save(payload)
      return refusal != .refused(errno: EDQUOT)
    }
    if let refusal { throw refusal }
  }

  private func save(_ payload: borrowing SecretBytes) -> KernelKeyError? {
    do throws(KernelKeyError) {
      try keyring.save(payload, named: name, seconds: 3_600)
      return nil
    } catch {
      return error
    }
  }
}
