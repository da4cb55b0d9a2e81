import Foundation

/// What came back over the socket, up to its end.
struct Answer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: String

  /// nil when the connection closed before a whole head came.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    let pairs = lines.dropFirst().map { line in
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      return (line[..<colon].lowercased(), line[colon...].dropFirst().trimmingCharacters(in: .whitespaces))
    }
    headers = Dictionary(pairs) { first, _ in first }
    body = String(text[end.upperBound...])
  }

  /// The text of the first element of that name.
  subscript(_ element: String) -> String? { all(element).first }

  func all(_ element: String) -> [String] {
    body.components(separatedBy: "<\(element)>").dropFirst().map { $0.components(separatedBy: "</\(element)>")[0] }
  }

  var key: TestKey? {
    guard let id = self["AccessKeyId"], let secret = self["SecretAccessKey"] else { return nil }
    return TestKey(id: id, secret: secret, token: self["SessionToken"])
  }
}
