/// An element of an answer.
struct XMLElement: CustomStringConvertible, Sendable {
  let description: String

  init(_ name: String, _ text: String) {
    description = "<\(name)>\(Self.escape(text))</\(name)>"
  }

  init(_ name: String, xmlns: String? = nil, _ children: [XMLElement]) {
    let namespace = xmlns.map { " xmlns=\"\($0)\"" } ?? ""
    description = "<\(name)\(namespace)>" + children.map(\.description).joined() + "</\(name)>"
  }

  private static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
