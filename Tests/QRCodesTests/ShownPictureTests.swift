import Secrets
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
    let expected = MadeUp.uriText(account: "alice@123456789012", .issuerInLabel)
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

// MARK: - Emulated screen

/// What a terminal makes of the text that a program writes, as far as our pictures need it.
///
/// A sequence that it does not know is noted rather than guessed at.
struct EmulatedScreen {
  /// How terminals differ.
  enum Kind: CaseIterable {
    case xterm
    /// GNU screen as it comes, and consoles: one screen, with what scrolls off kept.
    case withoutSecondScreen
    case withoutBrightColours
  }

  let kind: Kind
  let columns: Int
  private(set) var lines: [[ScreenCell]]
  private var firstScreen: (lines: [[ScreenCell]], column: Int, row: Int)?
  private(set) var scrolledOff: [[ScreenCell]] = []
  private(set) var wraps = 0
  private(set) var unknown: [String] = []
  private var column = 0
  private var row = 0
  private var pen = ScreenCell()

  init(_ kind: Kind, columns: Int, rows: Int) {
    self.kind = kind
    self.columns = columns
    lines = Array(repeating: Array(repeating: ScreenCell(), count: columns), count: rows)
  }

  mutating func show(_ text: String) {
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\u{1b}":
        let sequence = rest.prefix { !("@"..."~" ~= $0 && $0 != "[") }
        rest = rest.dropFirst(sequence.count)
        obey(String(sequence.dropFirst()), rest.popFirst() ?? "?")
      case "\r": column = 0
      case "\n": feedLine()
      default: put(scalar)
      }
    }
  }

  /// Whether anything but blanks of the terminal's own colours is on the screen, or has scrolled off it.
  var isBlank: Bool { (lines + scrolledOff).allSatisfy { $0.allSatisfy { $0 == ScreenCell() } } }

  /// Whether a piece of a code is on the screen, or has scrolled off it.
  var showsModules: Bool { (lines + scrolledOff).joined().contains { "▀▄█".unicodeScalars.contains($0.scalar) } }

  /// The line the cursor is in.
  var currentLine: String { String(String.UnicodeScalarView(lines[row].map(\.scalar))) }

  private mutating func put(_ scalar: Unicode.Scalar) {
    if column == columns {
      wraps += 1
      column = 0
      feedLine()
    }
    lines[row][column] = ScreenCell(scalar: scalar, ink: pen.ink, paper: pen.paper)
    column += 1
  }

  private mutating func feedLine() {
    guard row == lines.count - 1 else {
      row += 1
      return
    }
    let line = lines.removeFirst()
    if firstScreen == nil { scrolledOff.append(line) }
    lines.append(blankLine)
  }

  /// What is erased takes the colour of the paper.
  private var blankLine: [ScreenCell] {
    Array(repeating: ScreenCell(scalar: " ", ink: .own, paper: pen.paper), count: columns)
  }

  private mutating func obey(_ parameters: String, _ end: Unicode.Scalar) {
    let numbers = parameters.split(separator: ";").compactMap { Int($0) }
    switch (parameters, end) {
    case ("?1049", "h"): enterSecondScreen()
    case ("?1049", "l"): leaveSecondScreen()
    case (_, "H"):
      row = min(numbers.first ?? 1, lines.count) - 1
      column = (numbers.count > 1 ? numbers[1] : 1) - 1
    case ("", "J"): for line in row..<lines.count { lines[line] = blankLine }
    case ("2", "K"): lines[row] = blankLine
    case (_, "m"): for number in numbers { colour(number) }
    default: unknown.append("\(parameters)\(end)")
    }
  }

  private mutating func enterSecondScreen() {
    guard kind != .withoutSecondScreen, firstScreen == nil else { return }
    firstScreen = (lines, column, row)
    lines = lines.map { _ in blankLine }
  }

  private mutating func leaveSecondScreen() {
    guard let first = firstScreen else { return }
    (lines, column, row) = first
    firstScreen = nil
  }

  private mutating func colour(_ number: Int) {
    switch number {
    case 0: pen = ScreenCell()
    case 30: pen.ink = .black
    case 47: pen.paper = .white
    case 107: if kind != .withoutBrightColours { pen.paper = .brightWhite }
    default: unknown.append("\(number)m")
    }
  }
}

// MARK: - Screen cell

/// One character of a terminal's screen.
struct ScreenCell: Equatable {
  enum Colour { case own, black, white, brightWhite }

  var scalar: Unicode.Scalar = " "
  var ink = Colour.own
  var paper = Colour.own

  /// The colours of its upper and its lower half.
  var halves: [Colour] {
    switch scalar {
    case "█": [ink, ink]
    case "▀": [ink, paper]
    case "▄": [paper, ink]
    default: [paper, paper]
    }
  }
}

// MARK: - Photograph

/// A picture of an emulated screen, as a camera sees it.
struct Photograph {
  /// The terminal's own colours.
  enum Theme: CaseIterable { case dark, light }

  private static let pixelsPerModule = 5
  private let rows: [[UInt8]]

  init(of screen: EmulatedScreen, _ theme: Theme) {
    rows = screen.lines.flatMap { line in
      [0, 1].flatMap { half in
        let row = line.flatMap { cell in
          Array(repeating: Self.grey(cell.halves[half], theme), count: Self.pixelsPerModule)
        }
        return Array(repeating: row, count: Self.pixelsPerModule)
      }
    }
  }

  /// What the QR code in it says.
  func read() -> String {
    let folder = ScratchFolder()
    let pixels = rows.map { $0.map(String.init).joined(separator: " ") }.joined(separator: "\n")
    let picture = "P2 \(rows[0].count) \(rows.count) 255\n\(pixels)\n"
    return QRReader.text(inPictureAt: folder.write(picture, to: "screen.pgm"))
  }

  private static func grey(_ colour: ScreenCell.Colour, _ theme: Theme) -> UInt8 {
    switch (colour, theme) {
    case (.own, .dark), (.black, _): 0
    case (.own, .light), (.brightWhite, _): 255
    case (.white, _): 190
    }
  }
}

// MARK: - Terminal text tests

struct TerminalTextTests {
  @Test(
    .enabled(if: QRReader.isInstalled, "zbar-tools is not installed"), arguments: EmulatedScreen.Kind.allCases,
    Photograph.Theme.allCases)
  func `a decoder reads the URI from the terminal`(kind: EmulatedScreen.Kind, theme: Photograph.Theme) throws {
    let text = try #require(try terminalText(account: "alice@123456789012", columns: 80, rows: 23))
    var screen = EmulatedScreen(kind, columns: 80, rows: 24)
    screen.show(text)
    #expect(Photograph(of: screen, theme).read() == MadeUp.uriText(account: "alice@123456789012", .issuerInLabel))
    #expect(screen.unknown == [])
  }

  /// The names are a digit, the longest of an IAM user that fits into 80 × 24, and the longest there is.
  @Test(
    .enabled(if: QRReader.isInstalled, "zbar-tools is not installed"),
    arguments: [
      (1, 80, 23, .issuerInLabel), (1, 45, 23, .issuerInLabel), (1, 80, 27, .full), (38, 80, 23, .accountOnly),
      (64, 80, 25, .accountOnly), (64, 120, 50, .full),
    ] as [(Int, Int, Int, OTPAuthURI.Form)])
  func `the fullest form that fits is shown`(length: Int, columns: Int, rows: Int, form: OTPAuthURI.Form) throws {
    let account = String(repeating: "x", count: length) + "@123456789012"
    let text = try #require(try terminalText(account: account, columns: columns, rows: rows))
    var screen = EmulatedScreen(.xterm, columns: columns, rows: rows)
    screen.show(text)
    #expect(Photograph(of: screen, .dark).read() == MadeUp.uriText(account: account, form))
    #expect(screen.wraps == 0)
    #expect(screen.scrolledOff == [])
  }

  @Test(arguments: [(40, 23), (80, 20), (0, 0)])
  func `a terminal without room gets none`(columns: Int, rows: Int) throws {
    let text = try terminalText(account: "alice-with-a-name@123456789012", columns: columns, rows: rows)
    #expect(text == nil)
  }

  private func terminalText(account: String, columns: Int, rows: Int) throws -> String? {
    let text = try MadeUp.uri(account: account).terminalText(columns: columns, rows: rows)
    return text.withValue { $0.revealed() } ?? nil
  }
}
