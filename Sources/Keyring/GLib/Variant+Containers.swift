/// D-Bus values that hold others.
extension Variant {
  /// Object paths, `ao`; nil for anything else.
  var paths: [String]? {
    guard isOfType("ao") else { return nil }
    return (0..<count).compactMap { child($0)?.text }
  }

  /// A table of texts, `a{ss}`; nil for anything else.
  var table: [String: String]? {
    guard isOfType("a{ss}") else { return nil }
    var table: [String: String] = [:]
    for index in 0..<count {
      guard let entry = child(index), let name = entry.child(0)?.text else { continue }
      table[name] = entry.child(1)?.text
    }
    return table
  }
}
