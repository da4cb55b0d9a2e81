/// D-Bus values that hold others.
extension Variant {
  /// The object paths in the lists that an answer consists of.
  var pathsInLists: [String] {
    (0..<count).flatMap { list in
      guard let list = child(list) else { return [String]() }
      return (0..<list.count).compactMap { list.child($0)?.text }
    }
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
