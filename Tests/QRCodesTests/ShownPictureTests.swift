import TestSupport
import Testing

@testable import QRCodes

@Suite(.enabled(if: QRReader.isInstalled, "zbar-tools is not installed"))
struct ShownPictureTests {
  private static let question = "scan this, then type the code: "

  @Test(arguments: EmulatedScreen.Kind.allCases)
  func `the picture fits 80 × 24 with its question, and is gone with the answer`(kind: EmulatedScreen.Kind) throws {
    let terminal = try ask()
    var screen = try screen(kind, of: terminal)
    let expected = try MadeUp.uriText(account: "alice@123456789012", .issuerInLabel)
    #expect(Photograph(of: screen, .dark).read() == expected)
    #expect(screen.currentLine.hasPrefix(Self.question))
    #expect(screen.wraps == 0)
    #expect(screen.scrolledOff == [])
    try terminal.send("123456\n")
    screen.show(try terminal.expect("answer="))
    try terminal.expect("123456\r\n")
    #expect(screen.unknown == [])
    #expect(!screen.showsModules)
    // With one screen the margin's first line has made room for the line after the question.
    #expect(screen.isBlank || kind == .withoutSecondScreen)
  }

  @Test(arguments: EmulatedScreen.Kind.allCases, ["\u{3}", "\u{4}"])
  func `the picture is gone when the question is given up`(kind: EmulatedScreen.Kind, key: String) throws {
    let terminal = try ask()
    _ = try screen(kind, of: terminal)
    try terminal.send(key)
    _ = try terminal.waitForExit()
    var screen = EmulatedScreen(kind, columns: 80, rows: 24)
    screen.show(terminal.transcript)
    #expect(!screen.showsModules)
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test func `the picture is gone while we are stopped, and comes again`() throws {
    let terminal = try PseudoTerminal(
      Launch(
        "/usr/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], environment: ["PATH=/usr/bin:/bin", "PS1=$ "]),
      columns: 80, rows: 24)
    try terminal.expect("$ ")
    try terminal.send("\(try builtProgram("Probe")) picture \(MadeUp.seed) alice@123456789012\n")
    try terminal.expect(Self.question)
    try terminal.send("\u{1a}")
    var screen = EmulatedScreen(.xterm, columns: 80, rows: 24)
    try terminal.expect("Stopped")
    screen.show(terminal.transcript)
    #expect(!screen.showsModules)
    try terminal.send("fg\n")
    screen = try self.screen(.xterm, of: terminal)
    #expect(screen.showsModules)
    try terminal.send("654321\n")
    try terminal.expect("answer=654321")
  }

  @Test func `a terminal that does not know its size is taken for 80 × 24`() throws {
    let terminal = try PseudoTerminal(probe(account: "alice@123456789012"))
    try terminal.expect(Self.question)
  }

  @Test func `a terminal that is too small shows none`() throws {
    let terminal = try PseudoTerminal(probe(account: "alice@123456789012"), columns: 80, rows: 20)
    try terminal.expect("probe: noRoom")
    #expect(!terminal.transcript.contains("▀"))
  }

  private func ask() throws -> PseudoTerminal {
    try PseudoTerminal(probe(account: "alice@123456789012"), columns: 80, rows: 24)
  }

  private func probe(account: String) throws -> Launch {
    Launch(try builtProgram("Probe"), ["picture", MadeUp.seed, account])
  }

  /// The screen when the question stands there.
  private func screen(_ kind: EmulatedScreen.Kind, of terminal: PseudoTerminal) throws -> EmulatedScreen {
    try terminal.expect(Self.question)
    var screen = EmulatedScreen(kind, columns: 80, rows: 24)
    screen.show(terminal.transcript)
    return screen
  }
}
