import AWSValues
import Secrets

/// A key as it was typed or read, before anything checked it.
struct EnteredKey: ~Copyable {
  let accessKeyID: String
  let secretAccessKey: SecretBytes

  /// Both without white space around them; refuses what can be no long-term key.
  ///
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
  func credentials() throws(KeyInputError) -> Credentials {
    let id = accessKeyID.trimmed
    guard (16...128).contains(id.utf8.count), id.utf8.allSatisfy(\.isWordCharacter) else { throw .invalidAccessKeyID }
    guard !id.hasPrefix("ASIA") else { throw .temporary }
    let secret = secretAccessKey.trimmed()
    let isPrintable = secret.withBytes { bytes in bytes.indices.allSatisfy { (0x21...0x7e).contains(bytes[$0]) } }
    guard !secret.isEmpty, isPrintable else { throw .invalidSecret }
    return Credentials(accessKeyID: id, secretAccessKey: secret)
  }
}

extension EnteredKey {
  /// The key id on the first line of standard input, the secret on the second.
  init(lines: borrowing SecretBytes) throws(KeyInputError) {
    let parts = lines.ranges(of: 0..<lines.count, separatedBy: UInt8(ascii: "\n"))
    guard let accessKeyID = lines.clone(parts[0]).revealed(), !accessKeyID.trimmed.isEmpty else {
      throw .missing(.accessKeyID, from: .standardInput)
    }
    let secret = parts.count > 1 ? lines.clone(parts[1]).trimmed() : SecretBytes()
    guard !secret.isEmpty else { throw .missing(.secretAccessKey, from: .standardInput) }
    self.init(accessKeyID: accessKeyID, secretAccessKey: secret)
  }

  /// The key in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; a session token beside them means it is none to keep.
  init(environment: [String: String]) throws(KeyInputError) {
    guard environment["AWS_SESSION_TOKEN", default: ""].isEmpty else { throw .temporary }
    guard let id = environment["AWS_ACCESS_KEY_ID"], !id.isEmpty else {
      throw .missing(.accessKeyID, from: .environment)
    }
    guard let secret = environment["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty else {
      throw .missing(.secretAccessKey, from: .environment)
    }
    self.init(accessKeyID: id, secretAccessKey: SecretBytes(copying: secret))
  }
}

// MARK: - CSV

extension EnteredKey {
  /// The key in the file the IAM console offers for download: a header that names the columns, then one row.
  ///
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-key-self-managed.html
  init(csv: borrowing SecretBytes, path: String) throws(KeyInputError) {
    let rows = csv.ranges(of: 0..<csv.count, separatedBy: UInt8(ascii: "\n"))
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
  /// The fields of a row, without white space and quotation marks around them. Keys hold neither comma nor quote; a
  /// password in a column before them can.
  fileprivate func fields(ofRow row: Range<Int>) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var start = row.lowerBound
    for comma in commas(in: row) {
      fields.append(start..<comma)
      start = comma + 1
    }
    return (fields + [start..<row.upperBound]).map { field in
      trimmedRange(of: field) { $0.isWhiteSpace || $0 == UInt8(ascii: "\"") }
    }
  }

  /// Where commas stand outside quotation marks (RFC 4180).
  private func commas(in row: Range<Int>) -> [Int] {
    withBytes { bytes in
      var isQuoted = false
      return row.filter { index in
        if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
        return bytes[index] == UInt8(ascii: ",") && !isQuoted
      }
    }
  }
}

// MARK: - Key input

/// Where `add` reads a key from.
enum KeyInput: Equatable {
  /// The terminal, the secret hidden.
  case terminal
  /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
  case environment
  /// Standard input: the key id on the first line, the secret on the second.
  case standardInput
  /// The file the IAM console offers for download.
  case csv(path: String)
  /// The profile's section in `~/.aws/credentials` or the config file.
  case plainText
}

// MARK: - Key input error

/// What is wrong with a key that `add` was given.
enum KeyInputError: Error, Equatable {
  case missing(Part, from: KeyInput)
  /// Not 16 to 128 letters, digits and underscores.
  case invalidAccessKeyID
  /// A secret with white space or control characters in it.
  case invalidSecret
  /// A key id that starts with `ASIA`, or a session token beside it.
  case temporary
  case unreadable(path: String, errno: Int32)
  /// A device or socket, which may never end.
  case notRegular(path: String)
  /// Nobody wrote to a pipe, or its writer did not come to an end.
  case silentPipe(path: String)
  /// In bytes.
  case tooLarge(path: String, limit: Int)
  /// No columns for key id and secret.
  case noColumns(path: String)

  enum Part: Equatable { case accessKeyID, secretAccessKey }
}

// MARK: - Lines

extension SecretBytes {
  /// Without the white space around it.
  func trimmed() -> SecretBytes {
    clone(trimmedRange(of: 0..<count, where: \.isWhiteSpace))
  }

  /// The part of `range` that is left without the bytes at both ends which `isOuter` names.
  func trimmedRange(of range: Range<Int>, where isOuter: (UInt8) -> Bool) -> Range<Int> {
    withBytes { bytes in
      var inner = range
      while let first = inner.first, isOuter(bytes[first]) { inner.removeFirst() }
      while let last = inner.last, isOuter(bytes[last]) { inner.removeLast() }
      return inner
    }
  }

  /// The parts of `range` between `separator`s, which are part of none.
  func ranges(of range: Range<Int>, separatedBy separator: UInt8) -> [Range<Int>] {
    withBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = range.lowerBound
      for index in range where bytes[index] == separator {
        ranges.append(start..<index)
        start = index + 1
      }
      return ranges + [start..<range.upperBound]
    }
  }
}

extension UInt8 {
  /// Space, tab, line feed and carriage return.
  var isWhiteSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}

extension String {
  /// Without the spaces, tabs and line ends around it.
  var trimmed: String {
    String(decoding: utf8.drop(while: \.isWhiteSpace).reversed().drop(while: \.isWhiteSpace).reversed(), as: UTF8.self)
  }
}
