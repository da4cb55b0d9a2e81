/// One element of a document: its name without namespace, and where its text and its descendants are.
struct XMLElement: Equatable, Sendable {
  let name: String
  /// Whether it has no elements in it; only then its text is one piece.
  var isLeaf = true
  let textStart: Int
  var textEnd: Int
  /// The index of the first element after it and all its descendants.
  var end = 0

  init(qualifiedName: String, textStart: Int) {
    self.name = qualifiedName.split(separator: ":").last.map(String.init) ?? qualifiedName
    self.textStart = textStart
    self.textEnd = textStart
  }
}
