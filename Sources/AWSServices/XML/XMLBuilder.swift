internal import Secrets

/// Collects what the parser meets, and stops it where the document is refused.
struct XMLBuilder: ~Copyable {
  private(set) var refusal: XMLError?
  /// Stops the parser that feeds this builder.
  var stop: (() -> Void)?
  private var elements: [XMLElement] = []
  /// The elements the parser is inside of, from the root.
  private var open: [Int] = []
  private var text: SecretBytes

  static let depthLimit = 32
  static let elementLimit = 100_000

  /// Room for the text of a document of `size` bytes.
  init(size: Int) {
    text = SecretBytes(capacity: size)
  }

  var root: String? { elements.first?.name }

  mutating func refuse(_ error: XMLError) {
    refusal = refusal ?? error
    stop?()
  }

  @unsafe
  mutating func startElement(named name: UnsafePointer<CChar>?) {
    guard refusal == nil, let name = unsafe name else { return }
    guard open.count < XMLBuilder.depthLimit else { return refuse(.tooDeep(limit: XMLBuilder.depthLimit)) }
    guard elements.count < XMLBuilder.elementLimit else {
      return refuse(.tooManyElements(limit: XMLBuilder.elementLimit))
    }
    if let parent = open.last { elements[parent].isLeaf = false }
    open.append(elements.count)
    elements.append(XMLElement(qualifiedName: unsafe String(cString: name), textStart: text.count))
  }

  mutating func endElement() {
    guard refusal == nil, let last = open.popLast() else { return }
    elements[last].textEnd = text.count
    elements[last].end = elements.count
  }

  mutating func append(_ bytes: borrowing Span<UInt8>) {
    guard refusal == nil else { return }
    text.append(bytes)
  }

  consuming func finish() -> XMLDocument {
    XMLDocument(elements: elements, text: text)
  }
}
