internal import Secrets

/// A parsed document: a flat list of elements in document order, and all their text in one piece of secret memory.
///
/// Names are compared without their namespace. Attributes, comments and processing instructions are left out.
struct XMLDocument: ~Copyable, Sendable {
  private let elements: [XMLElement]
  private let text: SecretBytes

  /// The place of an element in its document.
  typealias Place = Int

  init(elements: [XMLElement], text: consuming SecretBytes) {
    self.elements = elements
    self.text = text
  }

  /// Reads UTF-8, with or without a byte order mark; a document type declaration is refused.
  init(_ bytes: borrowing SecretBytes) throws(XMLError) {
    let library = try Libexpat.open()
    var builder = XMLBuilder(size: bytes.count)
    try bytes.withBytes { bytes throws(XMLError) in try library.parse(bytes, into: &builder) }
    self = builder.finish()
  }

  static let root: Place = 0

  func name(of place: Place) -> String { elements[place].name }

  /// The elements right inside `parent`, in their order.
  func children(of parent: Place) -> [Place] {
    var children: [Place] = []
    var next = parent + 1
    while next < elements[parent].end {
      children.append(next)
      next = elements[next].end
    }
    return children
  }

  /// All elements reached from `place` by the names in `path`.
  func elements(at path: [Substring], in place: Place) -> [Place] {
    path.reduce([place]) { places, name in
      places.flatMap { children(of: $0).filter { elements[$0].name == name } }
    }
  }

  /// The element's text without outer white space; empty where it has elements in it.
  func text(at place: Place) -> String {
    let range = trimmedText(of: elements[place])
    return text.withBytes { bytes in String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
  }

  /// The same as a secret, which never was a `String`.
  func secret(at place: Place) -> SecretBytes {
    text.clone(trimmedText(of: elements[place]))
  }

  private func trimmedText(of element: XMLElement) -> Range<Int> {
    guard element.isLeaf else { return element.textStart..<element.textStart }
    return text.withBytes { bytes in
      var (start, end) = (element.textStart, element.textEnd)
      while start < end, bytes[start].isXMLSpace { start += 1 }
      while end > start, bytes[end - 1].isXMLSpace { end -= 1 }
      return start..<end
    }
  }
}

extension UInt8 {
  /// White space by the XML specification: space, tab, line feed, carriage return.
  fileprivate var isXMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}
