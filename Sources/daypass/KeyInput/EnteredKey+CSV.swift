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
      let secret = names.firstIndex(of: "secret access key"), max(id, secret) < fields.count,
      let accessKeyID = csv.clone(fields[id]).revealed()
    else { throw .noColumns(path: path) }
    self.init(accessKeyID: accessKeyID, secretAccessKey: csv.clone(fields[secret]))
  }
}

extension SecretBytes {
  /// The fields of a row, without white space and quotation marks around them; keys hold neither comma nor quote.
  fileprivate func fields(ofRow row: Range<Int>) -> [Range<Int>] {
    ranges(of: row, separatedBy: UInt8(ascii: ",")).map { field in
      trimmedRange(of: field) { $0.isWhiteSpace || $0 == UInt8(ascii: "\"") }
    }
  }
}
