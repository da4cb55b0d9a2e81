extension XMLDocument {
  /// The text of the first element at `path`, names separated by `/`; nil where there is none.
  func text(at path: String, in place: Place = root) -> String? {
    elements(at: path.split(separator: "/"), in: place).first.map { text(at: $0) }
  }
}
