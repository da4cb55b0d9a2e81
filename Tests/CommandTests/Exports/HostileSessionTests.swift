import Keyring
import TestSupport
import Testing

/// Sessions that would get the better of a shell, through the whole program (E1).
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here"))
struct HostileSessionTests {
  /// All by hand, and of those at random one in ten, which a minute has time for; all of them in the long run.
  private static let values = HostileValues.all.enumerated().filter { index, _ in
    index < HostileValues.crafted.count || index % Soak.rounds(10, soak: 1) == 0
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
    let (documents, tooLarge) = try documents(of: Self.values.filter(HostileValues.isText), session, syntax)
    let shells = Shell.installed.filter { $0.syntax == syntax && $0.triesAll }
    for shell in shells {
      let reading = try shell.read(documents)
      #expect(reading.difference == nil, "\(shell)")
      #expect(reading.effects == [], "\(shell)")
    }
    publish(
      figure: "hostile values through `daypass export` and eval in \(shells.map(\.rawValue).joined(separator: ", "))",
      "\(documents.count * 3 + tooLarge) in \(documents.count) sessions, \(tooLarge) too large for this kernel")
  }

  @Test func `what a shell cannot be given is refused, with nothing on standard output`() throws {
    let session = try PlantedSession()
    let values = Self.values.filter { !HostileValues.isText($0) }
    for (index, value) in values.enumerated() {
      let (secret, token) = index % 2 == 0 ? (value, Self.fine) : (Self.fine, value)
      let outcome = try session.export("ASIAEXAMPLE", secret, token, for: index % 4 < 2 ? .posix : .fish)
      #expect(outcome.status != .exited(0) && outcome.output.isEmpty, "\(value)")
      #expect(outcome.errorText.hasPrefix("daypass: ") && !outcome.errors.contains { $0 < 0x20 && $0 != 0x0a })
    }
    publish(figure: "hostile values that `daypass export` refuses", values.count)
    publish(figure: "hostile values that STS could answer", HostileValues.all.count(where: Self.canBeServed))
  }

  /// What the program prints, of three values at a time: as key id, secret and token.
  private func documents(
    of values: [[UInt8]], _ session: PlantedSession, _ syntax: Shell.Syntax
  ) throws -> (documents: [ExportedDocument], tooLarge: Int) {
    var documents: [ExportedDocument] = []
    var tooLarge = 0
    for start in stride(from: 0, to: values.count, by: 3) {
      let three = (0..<3).map { values[(start + $0) % values.count] }
      let texts = three.map { String(decoding: $0, as: UTF8.self) }
      do {
        let outcome = try session.export(texts[0], three[1], three[2], for: syntax)
        #expect(outcome.status == .exited(0) && outcome.errors.isEmpty, "\(texts): \(outcome.errorText)")
        documents.append(ExportedDocument(outcome.outputText, holding: texts + ["eu-west-1", "eu-west-1"]))
      } catch is KernelKeyError {
        try #require(three.contains { $0.count > 8_000 })
        tooLarge += 3
      }
    }
    return (documents, tooLarge)
  }
}
