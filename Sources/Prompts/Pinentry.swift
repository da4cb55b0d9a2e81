internal import Processes
internal import Secrets

/// Asks by pinentry, in the part of the Assuan protocol that this takes.
///
/// Sources: GnuPG's pinentry manual, "Pinentry's Assuan Protocol"; libassuan's manual, "Client requests" and "Server
/// responses". pinentry is never told a key's name, nor that it may cache: a code is worth nothing once it has been sent.
package struct Pinentry {
  private let program: ChildProgram
  private let terminal: TerminalSettings?
  /// How long it waits for an answer.
  private let seconds: Int

  /// What it needs to know of the terminal that it may ask on.
  package struct TerminalSettings: Equatable, Sendable {
    /// As pinentry names what it takes: `ttyname=/dev/tty`, `ttytype=xterm`.
    let options: [String]

    package init(in environment: [String: String]) {
      func first(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
      options = [
        "ttyname=/dev/tty", environment["TERM"].map { "ttytype=\($0)" },
        first("LC_ALL", "LC_CTYPE", "LANG").map { "lc-ctype=\($0)" },
        first("LC_ALL", "LC_MESSAGES", "LANG").map { "lc-messages=\($0)" },
      ].compactMap { $0 }
    }
  }

  /// - Parameter terminal: nil if it may use none.
  init(_ program: ChildProgram, terminal: TerminalSettings?, seconds: Int) {
    self.program = program
    self.terminal = terminal
    self.seconds = seconds
  }

  /// What the person types.
  func answer(to question: PromptQuestion) throws(PromptError) -> SecretBytes {
    do {
      var connection = AssuanConnection(to: try ChildDialogue(with: program))
      _ = try connection.answer()
      try prepare(&connection, for: question)
      return try entered(on: &connection)
    } catch {
      throw PromptError(error, seconds: seconds)
    }
  }

  private func prepare(_ connection: inout AssuanConnection, for question: PromptQuestion) throws {
    for option in (terminal?.options ?? []) + ["no-grab"] { try connection.offer("OPTION", option) }
    if terminal == nil { try requireWindow(of: &connection) }
    try connection.offer("SETTITLE", PromptQuestion.title)
    try connection.offer("SETDESC", question.text)
    try connection.offer("SETPROMPT", "MFA code:")
    if let problem = question.problem { try connection.offer("SETERROR", problem) }
    try connection.offer("SETTIMEOUT", "\(seconds)")
  }

  /// Without a session bus, or behind a locked screen, a pinentry for windows becomes one for terminals, silently.
  private func requireWindow(of connection: inout AssuanConnection) throws {
    let flavor: String
    do {
      flavor = try connection.request("GETINFO flavor").revealed() ?? ""
    } catch AssuanError.refused {
      return
    }
    if ["curses", "tty"].contains(flavor.split(separator: ":").last ?? "") { throw AssuanError.needsTerminal }
  }

  private func entered(on connection: inout AssuanConnection) throws -> SecretBytes {
    do {
      return try connection.request("GETPIN")
    } catch ChildError.ended(.exited(1), _) {
      // What Ctrl-C does to one that asks on a terminal.
      throw PromptError.cancelled
    }
  }
}

extension PromptError {
  // libgpg-error's codes, without the number of the library in the upper bits.
  private static let cancellation = 99
  private static let confirmationRefused = 114
  private static let timeout = 62

  fileprivate init(_ error: any Error, seconds: Int) {
    self =
      switch error {
      case let error as PromptError: error
      case AssuanError.refused(Self.cancellation), AssuanError.refused(Self.confirmationRefused): .cancelled
      case AssuanError.refused(Self.timeout), ChildError.timedOut: .timedOut(seconds: seconds)
      case AssuanError.refused(let code): .unusable(program: "pinentry", .refused(code: code))
      case AssuanError.needsTerminal: .unusable(program: "pinentry", .needsTerminal)
      case let error as ChildError: .unusable(program: "pinentry", .program(error))
      default: .unusable(program: "pinentry", .malformed)
      }
  }
}

// MARK: - Assuan

private enum AssuanError: Error {
  /// The low 16 bits of the number after `ERR`.
  case refused(code: Int)
  case malformed
  case needsTerminal
}

/// One request after the other, each with its answer.
private struct AssuanConnection: ~Copyable {
  private var dialogue: ChildDialogue

  init(to dialogue: consuming ChildDialogue) { self.dialogue = dialogue }

  /// Makes a request that need not be granted: programs differ in what they know.
  mutating func offer(_ command: String, _ parameter: String) throws {
    do {
      _ = try request(Assuan.request(command, parameter))
    } catch AssuanError.refused {}
  }

  /// The data that a request is answered with; empty if there are none.
  mutating func request(_ line: String) throws -> SecretBytes {
    try dialogue.send(line)
    return try answer()
  }

  mutating func answer() throws -> SecretBytes {
    var data = SecretBytes()
    while true {
      let line = try dialogue.nextLine()
      guard line.count < Assuan.lineLimit else { throw AssuanError.malformed }
      if let more = Assuan.data(in: line) {
        data.append(more)
        continue
      }
      let words = (line.revealed() ?? "").split(separator: " ", maxSplits: 2)
      switch (words.first, words.dropFirst().first.flatMap { Int($0) }) {
      case ("OK", _): return data
      // The upper bits tell which library has the error.
      case ("ERR", let code?): throw AssuanError.refused(code: code & 0xffff)
      // It asks us something.
      case ("INQUIRE", _): try dialogue.send("CAN")
      // The end of data, how far it is, or a comment.
      case ("END", _), ("S", _): continue
      case (let word?, _) where word.hasPrefix("#"): continue
      case (_, _): throw AssuanError.malformed
      }
    }
  }
}

/// Lines of the protocol.
enum Assuan {
  /// Bytes in a line with its end.
  static let lineLimit = 1_000

  /// A request with its parameter escaped, and cut at a character so that the line fits.
  static func request(_ command: String, _ parameter: String) -> String {
    var line = command + " "
    for character in parameter {
      let escaped = character.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
      guard line.utf8.count + escaped.utf8.count < lineLimit else { break }
      line += escaped
    }
    return line
  }

  private static let escapes: [Unicode.Scalar: String] = ["%": "%25", "\r": "%0D", "\n": "%0A"]

  /// What follows `D `, decoded; nil for another line.
  fileprivate static func data(in line: borrowing SecretBytes) -> SecretBytes? {
    let isData = line.withBytes { $0.count >= 2 && $0[0] == UInt8(ascii: "D") && $0[1] == UInt8(ascii: " ") }
    guard isData else { return nil }
    return line.percentDecoded(2..<line.count)
  }
}
