internal import AWSValues
import Glibc
internal import Secrets

/// Lets the user choose a name from a list: by typing part of it, with the arrows and Enter, or by its number if the
/// screen should not be redrawn.
package struct Picker {
  private let question: String
  private let items: [String]
  /// What is shown if none of them matches.
  private let none: String
  private let style: Style
  /// Whether an item has what was typed.
  private let matches: (_ item: String, _ typed: String) -> Bool

  package enum Style: Sendable { case redrawn, numbered }

  package init(
    question: String, items: [String], none: String, style: Style,
    matches: @escaping (_ item: String, _ typed: String) -> Bool
  ) {
    self.question = question
    self.items = items
    self.none = none
    self.style = style
    self.matches = matches
  }

  /// - Throws: `endOfInput` if the user chooses nothing: Esc, Ctrl-C, Ctrl-D, an empty line.
  package func choose(at terminal: borrowing Terminal) throws(TerminalError) -> String {
    switch style {
    case .redrawn: try chooseByKeys(at: terminal)
    case .numbered: try chooseByNumber(at: terminal)
    }
  }

  private func chooseByNumber(at terminal: borrowing Terminal) throws(TerminalError) -> String {
    for (index, item) in items.enumerated() { try terminal.say("\(index + 1)) \(item.displayText())") }
    while true {
      let answer = try terminal.readLine("\(question), by number or name: ", echo: .visible)
      let typed = (answer.revealed() ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if typed.isEmpty { throw .endOfInput }
      if items.contains(typed) { return typed }
      if let number = Int(typed), number > 0, number <= items.count { return items[number - 1] }
      try terminal.say("there is no \(typed.displayText())")
    }
  }

  // MARK: Redrawn

  private func chooseByKeys(at terminal: borrowing Terminal) throws(TerminalError) -> String {
    do {
      let dialogue = try Dialogue(on: terminal.descriptor, interrupts: .asKeys)
      return try choose(in: dialogue, terminal.size)
    } catch {
      Terminal.obey(error)
      throw error
    }
  }

  private func choose(in dialogue: borrowing Dialogue, _ size: TerminalSize) throws(TerminalError) -> String {
    let screen = dialogue.mode.output
    defer { screen.show(PickerView.erase) }
    var view = PickerView(rows: min(10, max(1, size.rows - 2)), columns: size.columns)
    var typed = ""
    var shown = items
    while true {
      // If this cannot be written, reading says why.
      screen.show(view.frame(question: question, typed: typed, shown, none: none))
      let key = try dialogue.nextKey()
      switch key {
      case .up: view.selected = max(0, view.selected - 1)
      case .down: view.selected = min(max(0, shown.count - 1), view.selected + 1)
      case .enter where !shown.isEmpty: return shown[view.selected]
      case .enter: continue
      case .cancel: throw .endOfInput
      case .erase: typed = String(typed.dropLast())
      case .eraseAll: typed = ""
      case .character(let character): typed.append(character)
      }
      guard key != .up, key != .down else { continue }
      shown = typed.isEmpty ? items : items.filter { matches($0, typed) }
      view.selected = 0
    }
  }
}

/// What the picker shows: the question, and below it some items around the selected one.
private struct PickerView {
  let rows: Int
  let columns: Int
  var selected = 0

  /// To the first column, and erases from there to the end of the screen (ECMA-48, 8.3.39).
  static let erase = "\r\u{1b}[J"

  /// Leaves the cursor after what was typed.
  func frame(question: String, typed: String, _ items: [String], none: String) -> String {
    let prompt = cut("\(question): \(typed)")
    let first = max(0, min(selected - rows / 2, items.count - rows))
    let lines = items.indices.dropFirst(first).prefix(rows).map { index in
      let line = cut("  " + items[index].displayText())
      return index == selected ? "\u{1b}[7m\(line)\u{1b}[0m" : line
    }
    let list = lines.isEmpty ? [cut("  " + none)] : lines
    let up = "\u{1b}[\(list.count)A\r" + (prompt.isEmpty ? "" : "\u{1b}[\(prompt.count)C")
    return Self.erase + prompt + list.map { "\r\n" + $0 }.joined() + up
  }

  private func cut(_ line: String) -> String { String(line.prefix(columns - 1)) }
}

// MARK: - Keys

/// A key that means something here.
private enum Key: Equatable {
  case up, down, enter, cancel, erase, eraseAll
  case character(Character)
}

extension Dialogue {
  /// The next key of a terminal whose keys send no signals.
  /// - Throws: `interrupted`, `endOfInput`, `failed`.
  fileprivate func nextKey() throws(TerminalError) -> Key {
    while true {
      switch try byte() {
      case 0x0d, 0x0a: return .enter
      case 0x03, 0x04, 0x07: return .cancel
      case 0x15, 0x17: return .eraseAll
      case 0x7f, 0x08, mode.keys.erase: return .erase
      case 0x10: return .up
      case 0x0e, 0x09: return .down
      case 0x1b: if let key = try escaped() { return key }
      case 0x00...0x1f: continue
      case let first: if let character = try character(from: first) { return .character(character) }
      }
    }
  }

  /// The rest of what an arrow sends, in either of a terminal's modes; nothing follows the key Esc itself.
  private func escaped() throws(TerminalError) -> Key? {
    guard try mode.isReady(within: 100, unless: signals) else { return .cancel }
    guard [UInt8(ascii: "["), UInt8(ascii: "O")].contains(try byte()) else { return nil }
    while true {
      switch try byte() {
      case UInt8(ascii: "A"): return .up
      case UInt8(ascii: "B"): return .down
      // The last byte of any other sequence (ECMA-48, 5.4).
      case 0x40...0x7e: return nil
      default: continue
      }
    }
  }

  /// Nil for what is not UTF-8; then at most one key is lost.
  private func character(from first: UInt8) throws(TerminalError) -> Character? {
    guard first < 0x80 || (0xc2...0xf4).contains(first) else { return nil }
    let length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    var bytes = [first]
    while bytes.count < length {
      let next = try byte()
      guard next & 0xc0 == 0x80 else { return nil }
      bytes.append(next)
    }
    return String(decoding: bytes, as: UTF8.self).first
  }

  private func byte() throws(TerminalError) -> UInt8 {
    while true {
      switch signals.next() {
      case SIGCONT?: try mode.enter()
      case SIGTSTP?, nil: break
      case let signal?: throw .interrupted(signal: signal)
      }
      if try mode.isReady(within: -1, unless: signals), let byte = try mode.readByte() { return byte }
    }
  }
}
