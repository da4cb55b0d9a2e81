import Secrets

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
