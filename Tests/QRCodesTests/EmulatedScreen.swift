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
