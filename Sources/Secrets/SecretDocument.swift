/// What an XML or JSON document says: a tree of named elements in document order, with all their text in one piece of
/// secret memory.
///
/// A member of a JSON object is an element with the member's name; the values of a JSON array are elements named
/// `member`, as AWS names those of its lists in XML.
package struct SecretDocument: ~Copyable, Sendable {
  private var elements: [Element]
  /// The elements that have begun and not ended, from the root.
  private var open: [Place]
  private var text: SecretBytes

  /// An element of a document, which knows where its text and its descendants are.
  private struct Element {
    let name: String
    let kind: Kind
    /// Whether it has no elements in it; only then its text is one piece.
    var isLeaf = true
    var text: Range<Int>
    /// The index of the first element after it and all its descendants.
    var end = 0
  }

  /// What a value of a JSON document is; all elements of an XML document are `text`.
  package enum Kind: Sendable { case text, number, boolean, null, object, array }

  package typealias Place = Int

  package static let root: Place = 0
  private static let depthLimit = 32
  private static let elementLimit = 100_000
}

// MARK: - Reading

extension SecretDocument {
  package func name(of place: Place) -> String { elements[place].name }

  package func kind(of place: Place) -> Kind { elements[place].kind }

  /// The elements right inside `parent`, in their order.
  package func children(of parent: Place) -> [Place] {
    var children: [Place] = []
    var next = parent + 1
    while next < elements[parent].end {
      children.append(next)
      next = elements[next].end
    }
    return children
  }

  /// All elements that the names in `path`, separated by `/`, lead to from `place`.
  package func elements(at path: String, in place: Place = root) -> [Place] {
    path.split(separator: "/").reduce([place]) { places, name in
      places.flatMap { children(of: $0).filter { elements[$0].name == name } }
    }
  }

  /// The element's text; empty if it has elements in it.
  package func text(at place: Place) -> String {
    text.withBytes { bytes in String(decoding: textRange(of: place).map { bytes[$0] }, as: UTF8.self) }
  }

  /// The text of the first element at `path`; nil if there is none.
  package func text(at path: String, in place: Place = root) -> String? {
    elements(at: path, in: place).first.map { text(at: $0) }
  }

  /// The element's text as a secret, which never was a `String`.
  package func secret(at place: Place) -> SecretBytes { text.clone(textRange(of: place)) }

  private func textRange(of place: Place) -> Range<Int> {
    let element = elements[place]
    return element.isLeaf ? element.text : element.text.lowerBound..<element.text.lowerBound
  }
}

// MARK: - Building

extension SecretDocument {
  /// An empty document with room for the text of one of `size` bytes.
  package init(size: Int) {
    (elements, open) = ([], [])
    text = SecretBytes(capacity: size)
  }

  /// Begins an element; false if the document is too deep or has too many elements for it.
  package mutating func begin(_ name: String, as kind: Kind = .text) -> Bool {
    guard open.count < Self.depthLimit, elements.count < Self.elementLimit else { return false }
    if let parent = open.last { elements[parent].isLeaf = false }
    open.append(elements.count)
    elements.append(Element(name: name, kind: kind, text: text.count..<text.count))
    return true
  }

  /// Adds text to the element that has begun last.
  package mutating func append(_ bytes: borrowing Span<UInt8>) { text.append(bytes) }

  package mutating func append(_ bytes: borrowing SecretBytes) { text.append(bytes) }

  /// Ends the element that has begun last, and leaves out the bytes at both ends of its text for which `isSpace` is true.
  package mutating func end(trimming isSpace: (UInt8) -> Bool = { _ in false }) {
    guard let last = open.popLast() else { return }
    elements[last].end = elements.count
    elements[last].text = text.trimmedRange(of: elements[last].text.lowerBound..<text.count, where: isSpace)
  }

  /// The name of the root; nil if none has begun.
  package var rootName: String? { elements.first?.name }
}
