internal import Secrets

/// Takes a response in as libcurl hands it over, and refuses what is too large or encoded.
struct ResponseReceiver: ~Copyable {
  /// Bytes a body can have.
  static let bodyLimit = 1 << 20
  /// Bytes all headers can have, those of interim responses and trailers among them.
  static let headLimit = 64 << 10

  private let host: String
  private(set) var status = 0
  private(set) var headers: [String: String] = [:]
  private(set) var body = SecretBytes()
  private(set) var refusal: HTTPError?
  private(set) var isHeadComplete = false
  private var headLength = 0

  init(from host: String) { self.host = host }

  /// Takes one line of the head; false where the response is refused.
  mutating func receiveHead(_ line: borrowing Span<UInt8>) -> Bool {
    headLength += line.count
    guard headLength <= Self.headLimit else { return refuse(.responseTooLarge(host: host, limit: Self.headLimit)) }
    let text = Self.text(line)
    if isHeadComplete { return true }
    if text.hasPrefix("HTTP/") {
      begin(text)
    } else if text.isEmpty {
      // An interim response (1xx) is followed by another head; after the last one come trailers, which are not ours.
      isHeadComplete = status >= 200
    } else {
      return receiveHeader(text)
    }
    return true
  }

  /// Takes a part of the body; false where the response is refused.
  mutating func receiveBody(_ part: borrowing Span<UInt8>) -> Bool {
    guard body.count + part.count <= Self.bodyLimit else {
      return refuse(.responseTooLarge(host: host, limit: Self.bodyLimit))
    }
    body.append(part)
    return true
  }

  consuming func response() -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: body)
  }

  private mutating func begin(_ statusLine: String) {
    let words = statusLine.split(separator: " ")
    status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    headers = [:]
  }

  private mutating func receiveHeader(_ line: String) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return true }
    let name = line[..<colon].lowercased()
    let value = line[colon...].dropFirst().trimmingSpaces()
    headers[name] = value
    switch name {
    case "content-encoding": return value.lowercased() == "identity" || refuse(.encoded(host: host))
    case "transfer-encoding": return value.lowercased() == "chunked" || refuse(.encoded(host: host))
    default: return true
    }
  }

  private mutating func refuse(_ reason: HTTPError) -> Bool {
    refusal = refusal ?? reason
    return false
  }

  /// Without the line's end; what is not UTF-8 becomes U+FFFD.
  private static func text(_ line: borrowing Span<UInt8>) -> String {
    var end = line.count
    while end > 0, line[end - 1] == 0x0d || line[end - 1] == 0x0a { end -= 1 }
    var bytes: [UInt8] = []
    for index in 0..<end { bytes.append(line[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> String {
    let start = drop { $0 == " " || $0 == "\t" }
    let count = start.reversed().prefix { $0 == " " || $0 == "\t" }.count
    return String(start.dropLast(count))
  }
}
