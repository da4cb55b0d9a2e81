import HTTP
import Secrets
import Testing

/// A request as the suite writes it: `GET /path?query HTTP/1.1`, headers that may be folded, a blank line, a body.
struct RawRequest {
  let method: HTTPRequest.Method
  let target: String
  private(set) var headers: [HTTPRequest.Header] = []
  let body: String

  init?(_ text: String) {
    let head = text.prefix(upTo: text.firstRange(of: "\n\n")?.lowerBound ?? text.endIndex)
    let lines = head.split(separator: "\n")
    guard let start = lines.first, let methodEnd = start.firstIndex(of: " "), let targetEnd = start.lastIndex(of: " "),
      let method = HTTPRequest.Method(rawValue: String(start[..<methodEnd]))
    else { return nil }
    self.method = method
    target = String(start[start.index(after: methodEnd)..<targetEnd])
    body = String(text.dropFirst(head.count + 2))
    for line in lines.dropFirst() { addHeaderLine(String(line)) }
  }

  private mutating func addHeaderLine(_ line: String) {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if line.hasPrefix(" "), let folded = headers.popLast() {
      headers.append(HTTPRequest.Header(folded.name, folded.value + "\n" + line))
    } else {
      headers.append(HTTPRequest.Header(parts[0], parts[1]))
    }
  }

  var host: String? { headers.first { $0.name.lowercased() == "host" }?.value }

  func request() throws -> HTTPRequest {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let url = URLText(
      scheme: .https, host: try #require(host), path: parts[0], query: parts.count > 1 ? parts[1] : "")
    return HTTPRequest(method: method, url: url, headers: headers, body: SecretBytes(copying: body))
  }
}
