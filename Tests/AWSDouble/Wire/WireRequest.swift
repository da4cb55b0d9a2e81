/// A request as it came: nothing decoded, the order and the repetition of headers kept.
package struct WireRequest: Sendable {
  package var method: String
  /// The request target as sent, path and query.
  package var target: String
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(method: String, target: String, headers: [(name: String, value: String)], body: [UInt8]) {
    (self.method, self.target, self.headers, self.body) = (method, target, headers, body)
  }

  var path: String { String(target.prefix { $0 != "?" }) }

  var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

  func values(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name }.map(\.value)
  }

  /// The value of a header that must be there once at most; nil when absent or repeated.
  subscript(_ name: String) -> String? {
    let found = values(name)
    return found.count == 1 ? found[0] : nil
  }
}
