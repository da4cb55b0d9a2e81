import AWSDouble
import Testing

extension WireRequest {
  /// Reads a request as it is printed, with folded headers.
  init(_ text: String) throws {
    let end = try #require(text.firstRange(of: "\n\n"))
    var lines = text[..<end.lowerBound].split(separator: "\n").map(String.init)
    let first = lines.removeFirst()
    var headers: [(name: String, value: String)] = []
    for line in lines {
      if line.hasPrefix(" "), let last = headers.popLast() {
        headers.append((last.name, last.value + "\n" + line))
        continue
      }
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers.append((String(parts[0]), String(try #require(parts.last).drop { $0 == " " })))
    }
    let target = first.dropLast(" HTTP/1.1".count).drop { $0 != " " }.dropFirst()
    self.init(
      method: String(first.prefix { $0 != " " }), target: String(target), headers: headers,
      body: Array(text[end.upperBound...].utf8))
  }
}
