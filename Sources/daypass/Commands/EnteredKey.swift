import AWSValues
import Glibc
import POSIX
import Secrets
import TerminalIO

/// A key as it was typed or read, before anything checked it.
struct EnteredKey: ~Copyable {
  let accessKeyID: String
  let secretAccessKey: SecretBytes

  init(accessKeyID: String, secretAccessKey: consuming SecretBytes) {
    self.accessKeyID = accessKeyID.trimmed
    self.secretAccessKey = secretAccessKey
  }

  /// Both halves; refuses what cannot be a long-term key.
  func credentials() throws(KeyInputError) -> Credentials {
    try checkID()
    let secret = secretAccessKey.value(named: ["secretaccesskey", "secretkey"])
    guard !secret.isEmpty, secret.isVisibleASCII else { throw .invalidSecret }
    return Credentials(accessKeyID: accessKeyID, secretAccessKey: secret)
  }

  /// Refuses what cannot be the ID of a long-term key.
  ///
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
  func checkID() throws(KeyInputError) {
    let length = accessKeyID.utf8.count
    // A secret has 40 characters, an ID has had 20 so far.
    guard length != 40 || accessKeyID.hasPrefix("AKIA") else { throw .secretFirst }
    guard (16...128).contains(length), accessKeyID.utf8.allSatisfy(\.isWordCharacter) else {
      throw .invalidAccessKeyID
    }
    guard !accessKeyID.hasPrefix("ASIA") else { throw .temporary }
  }
}

// MARK: - Key input

/// Where `add` reads a key from.
enum KeyInput: Equatable {
  /// The terminal, the secret hidden.
  case terminal
  /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
  case environment
  /// Standard input: the key ID on the first line, the secret on the second.
  case standardInput
  /// The file the IAM console offers for download.
  case csv(path: String)
}

// MARK: - Key input error

/// What is wrong with a key that `add` was given.
enum KeyInputError: Error, Equatable {
  /// This variable is not set.
  case unset(variable: String)
  /// The line with this number of standard input is empty, 1 or 2.
  case emptyLine(Int)
  /// Not 16 to 128 letters, digits and underscores.
  case invalidAccessKeyID
  /// What was given as the ID has the length of a secret.
  case secretFirst
  /// A secret with white space or control characters in it.
  case invalidSecret
  /// A key id that starts with `ASIA`, or a session token beside it.
  case temporary
  case unreadable(path: String, FileFailure)
  /// No columns for key id and secret.
  case noColumns(path: String)
}

// MARK: - Terminal

extension EnteredKey {
  /// Asks for both halves. The ID is checked before the secret is asked for; both may be pasted at once.
  init(askingOn terminal: borrowing Terminal) throws {
    self = try terminal.dialogue { dialogue in
      let typed = try Self.firstKey(from: dialogue)
      try typed.checkID()
      guard typed.secretAccessKey.isEmpty else { return typed }
      return EnteredKey(accessKeyID: typed.accessKeyID, secretAccessKey: try Self.secret(from: dialogue))
    }
  }

  /// Asks for the secret alone, after the first was wrong.
  init(accessKeyID: String, askingForSecretOn terminal: borrowing Terminal) throws {
    let secret = try terminal.dialogue { dialogue in try Self.secret(from: dialogue) }
    self.init(accessKeyID: accessKeyID, secretAccessKey: secret)
  }

  /// The first line that is no heading; its ID is shown if that was not done while it was typed.
  private static func firstKey(from dialogue: borrowing Dialogue) throws(TerminalError) -> EnteredKey {
    while true {
      let line = try dialogue.readLine("Access key ID: ", echo: .accessKeyID)
      guard !line.isHeading else { continue }
      let key = EnteredKey(idLine: line)
      let id = key.accessKeyID.utf8
      if key.accessKeyID.hasPrefix("AKIA"), id.allSatisfy(\.isWordCharacter), line.count != id.count {
        dialogue.say("Access key ID: \(key.accessKeyID)")
      }
      return key
    }
  }

  private static func secret(from dialogue: borrowing Dialogue) throws(TerminalError) -> SecretBytes {
    try dialogue.readLine("Secret access key (hidden): ", echo: .hidden)
  }
}

// MARK: - Files

extension KeyInput {
  /// What a file with a key may hold at most, in bytes.
  static let limit = 64 * 1024
  /// How long to wait for a pipe: its writer may have to ask the user for a password.
  private static let timeout = Duration.seconds(120)

  /// What the file, or the pipe, at `path` holds.
  static func contents(ofFile path: String) throws(KeyInputError) -> SecretBytes {
    do throws(FileFailure) {
      return try SecretBytes.contents(ofFile: path, limit: limit, timeout: timeout)
    } catch {
      throw .unreadable(path: path, error)
    }
  }

  static func contentsOfStandardInput() throws(KeyInputError) -> SecretBytes {
    do throws(FileFailure) {
      return try SecretBytes.contents(of: STDIN_FILENO, limit: limit)
    } catch {
      throw .unreadable(path: "standard input", error)
    }
  }
}

// MARK: - Sources without a terminal

extension EnteredKey {
  /// The key on the first two lines of standard input.
  init(lines: borrowing SecretBytes) throws(KeyInputError) {
    let parts = lines.ranges(separatedBy: UInt8(ascii: "\n"))
    let first = EnteredKey(idLine: lines.clone(parts[0]))
    guard !first.accessKeyID.isEmpty else { throw .emptyLine(1) }
    guard first.secretAccessKey.isEmpty else {
      self = first
      return
    }
    let secret = parts.count > 1 ? lines.clone(parts[1]).trimmed() : SecretBytes()
    guard !secret.isEmpty else { throw .emptyLine(2) }
    self.init(accessKeyID: first.accessKeyID, secretAccessKey: secret)
  }

  /// The key in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; with a session token beside them it is temporary.
  init(environment: [String: String]) throws(KeyInputError) {
    guard (environment["AWS_SESSION_TOKEN"] ?? "").isEmpty else { throw .temporary }
    func value(_ variable: String) throws(KeyInputError) -> String {
      guard let value = environment[variable], !value.isEmpty else { throw .unset(variable: variable) }
      return value
    }
    let id = try value("AWS_ACCESS_KEY_ID")
    self.init(accessKeyID: id, secretAccessKey: SecretBytes(copying: try value("AWS_SECRET_ACCESS_KEY")))
  }
}

// MARK: - CSV

extension EnteredKey {
  /// The key in the file the IAM console offers for download: a header that names the columns, then one row.
  ///
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-key-self-managed.html
  init(csv: borrowing SecretBytes, path: String) throws(KeyInputError) {
    let rows = csv.ranges(separatedBy: UInt8(ascii: "\n"))
    guard rows.count >= 2 else { throw .noColumns(path: path) }
    let names = csv.fields(ofRow: rows[0]).map { csv.clone($0).revealed()?.lowercased() ?? "" }
    let fields = csv.fields(ofRow: rows[1])
    guard let id = names.firstIndex(where: { $0.hasSuffix("access key id") }),
      let secret = names.firstIndex(where: { $0.hasSuffix("secret access key") }), max(id, secret) < fields.count,
      let accessKeyID = csv.clone(fields[id]).revealed()
    else { throw .noColumns(path: path) }
    self.init(accessKeyID: accessKeyID, secretAccessKey: csv.clone(fields[secret]))
  }
}

extension SecretBytes {
  /// The fields of a row (RFC 4180), without white space and quotation marks around them. Keys hold neither comma nor
  /// quote; a password in a column before them can.
  fileprivate func fields(ofRow row: Range<Int>) -> [Range<Int>] {
    let quote = UInt8(ascii: "\"")
    var isQuoted = false
    let commas = withBytes { bytes in
      row.filter { index in
        if bytes[index] == quote { isQuoted.toggle() }
        return bytes[index] == UInt8(ascii: ",") && !isQuoted
      }
    }
    return zip([row.lowerBound] + commas.map { $0 + 1 }, commas + [row.upperBound]).map { start, end in
      trimmedRange(of: start..<end) { $0.isWhiteSpace || $0 == quote }
    }
  }
}

// MARK: - A line as it was copied

/// People copy a key by itself, in quotes, as `aws_access_key_id = …`, `export AWS_ACCESS_KEY_ID=…`,
/// `"AccessKeyId": "…",`, or as a row of the console's CSV file.
extension EnteredKey {
  /// The key in a line that holds its ID, and, in comma-separated values, the secret behind it; else the secret is empty.
  init(idLine line: borrowing SecretBytes) {
    let fields = line.fields(ofRow: 0..<line.count)
    if fields.count > 1, let index = fields.firstIndex(where: { line.isAccessKeyID($0) }) {
      let secret = index + 1 < fields.count ? line.clone(fields[index + 1]) : SecretBytes()
      self.init(accessKeyID: line.revealed(fields[index]) ?? "-", secretAccessKey: secret)
    } else {
      let value = line.value(named: ["accesskeyid"])
      let isSingle = value.fields(ofRow: 0..<value.count).count == 1
      self.init(accessKeyID: isSingle ? value.revealed() ?? "-" : "-", secretAccessKey: SecretBytes())
    }
  }
}

extension SecretBytes {
  /// Whether a line is a heading above a key: a section's header, or the names of columns.
  var isHeading: Bool {
    let line = trimmed()
    let isSection = line.withBytes { !$0.isEmpty && $0[0] == UInt8(ascii: "[") }
    return isSection || line.letters(in: 0..<line.count).hasSuffix("accesskeyidsecretaccesskey")
  }

  /// What follows a name that ends in one of `names`, or else everything; without quotes and blanks around it.
  func value(named names: [String]) -> SecretBytes {
    let separators = withBytes { bytes in
      bytes.indices.filter { bytes[$0] == UInt8(ascii: "=") || bytes[$0] == UInt8(ascii: ":") }
    }
    let separator = separators.first { names.contains(where: letters(in: 0..<$0).hasSuffix) }
    let start = separator.map { $0 + 1 } ?? 0
    return clone(trimmedRange(of: start..<count, where: \.surroundsValue))
  }

  /// The letters of `range` in lower case.
  private func letters(in range: Range<Int>) -> String {
    withBytes { bytes in
      let letters = range.map { bytes[$0] | 0x20 }.filter { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
      return String(decoding: letters, as: UTF8.self)
    }
  }

  fileprivate func isAccessKeyID(_ range: Range<Int>) -> Bool {
    (16...39).contains(range.count) && withBytes { bytes in range.allSatisfy { bytes[$0].isWordCharacter } }
  }
}

extension SecretBytes {
  /// Without the white space around it.
  func trimmed() -> SecretBytes { clone(trimmedRange(where: \.isWhiteSpace)) }
}

extension UInt8 {
  /// Space, tab, line feed and carriage return.
  var isWhiteSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }

  /// White space, quotation marks, and what ends a line of JSON or of a program.
  fileprivate var surroundsValue: Bool {
    isWhiteSpace || self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: ",")
      || self == UInt8(ascii: ";")
  }
}

extension String {
  /// Without the spaces, tabs and line ends around it.
  var trimmed: String {
    String(decoding: utf8.drop(while: \.isWhiteSpace).reversed().drop(while: \.isWhiteSpace).reversed(), as: UTF8.self)
  }
}
