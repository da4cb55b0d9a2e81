import FoundationEssentials

/// A request as it came: nothing is decoded, and headers keep their order and repetitions.
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

  /// The value of a header that may occur once; nil if it is absent or repeated.
  subscript(_ name: String) -> String? {
    let found = values(name)
    return found.count == 1 ? found[0] : nil
  }
}

// MARK: - Wire response

/// An answer before it is written to the connection; `Date` and `Content-Length` are added there.
package struct WireResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(_ status: Int, type: String, _ body: String, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = [("Content-Type", type)] + headers
    self.body = Array(body.utf8)
  }
}

// MARK: - Documents

extension WireResponse {
  /// The answer of a call that succeeded, in the document shape of its service.
  static func result(of action: Action, _ elements: [XMLElement]) -> WireResponse {
    let id = UUID().uuidString.lowercased()
    switch action.service {
    case .s3:
      let root = XMLElement("ListAllMyBucketsResult", xmlns: Service.s3.namespace, elements)
      return document(root, 200, for: .s3, requestID: id)
    case .sts, .iam:
      let (name, namespace) = (action.rawValue, action.service.namespace)
      let metadata = XMLElement("ResponseMetadata", [XMLElement("RequestId", id)])
      let result = elements.isEmpty ? [] : [XMLElement(name + "Result", elements)]
      let root = XMLElement(name + "Response", xmlns: namespace, result + [metadata])
      return document(root, 200, for: action.service, requestID: id)
    }
  }

  static func refusal(_ refusal: Refusal, for service: Service) -> WireResponse {
    let id = UUID().uuidString.lowercased()
    let facts = [XMLElement("Code", refusal.code), XMLElement("Message", refusal.message)]
    let root =
      switch service {
      case .sts, .iam:
        XMLElement(
          "ErrorResponse", xmlns: service.namespace,
          [XMLElement("Error", [XMLElement("Type", refusal.type)] + facts), XMLElement("RequestId", id)])
      case .s3:
        XMLElement(
          "Error", facts + refusal.detailElements + [XMLElement("RequestId", id), XMLElement("HostId", "double")])
      }
    return document(root, refusal.status, for: service, requestID: id)
  }

  private static func document(_ root: XMLElement, _ status: Int, for service: Service, requestID: String)
    -> WireResponse
  {
    switch service {
    case .sts, .iam:
      return WireResponse(status, type: "text/xml", "\(root)\n", headers: [("x-amzn-RequestId", requestID)])
    case .s3:
      let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(root)"
      let headers = [("x-amz-request-id", requestID), ("x-amz-id-2", "double")]
      return WireResponse(status, type: "application/xml", text, headers: headers)
    }
  }
}

extension Refusal {
  fileprivate var detailElements: [XMLElement] {
    details.sorted { $0.key < $1.key }.map { XMLElement($0.key, $0.value) }
  }
}

// MARK: - Reply

/// What is done with a connection whose request was read.
enum Reply: Sendable {
  case answer(WireResponse)
  /// The answer, once there were that many releases.
  case held(WireResponse, release: Int)
  /// Headers and the first half of the body, then the connection closes.
  case cut(WireResponse)
  /// The connection closes without a byte.
  case close
  /// Nothing, until the double stops.
  case hang
  /// The same request again after some seconds: it wants a code, and all of now's are spent.
  case later(seconds: Int)
}

// MARK: - XML element

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

// MARK: - Percent encoding

/// RFC 3986 percent encoding with AWS's unreserved set, `A-Za-z0-9-._~`.
enum PercentEncoding {
  static func encode(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
    var text = ""
    for byte in bytes {
      if isUnreserved(byte) || kept.utf8.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + hex(byte)
      }
    }
    return text
  }

  /// nil if a `%` is not followed by two hexadecimal digits.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], Substring(text).utf8)
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let digits = String(rest.prefix(2)), digits.utf8.allSatisfy(isHexDigit),
        let value = UInt8(digits, radix: 16),
        digits.utf8.count == 2
      else { return nil }
      rest = rest.dropFirst(2)
      bytes.append(value)
    }
    return bytes
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~".utf8.contains(byte)
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool { Unicode.Scalar(byte).properties.isASCIIHexDigit }

  private static func hex(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16, uppercase: true)
    return text.count == 1 ? "0" + text : text
  }
}

// MARK: - Timestamp

/// The ways AWS writes a time, all UTC.
enum Timestamp {
  private static let basic = Date.ISO8601FormatStyle(
    dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted)

  /// `20150830T123600Z`, as in `X-Amz-Date`.
  static func basic(_ time: Date) -> String { time.formatted(basic) }

  /// nil unless it is exactly of the form `20150830T123600Z`.
  static func parseBasic(_ text: String) -> Date? {
    guard text.utf8.count == 16, let time = try? basic.parse(text), basic(time) == text else { return nil }
    return time
  }

  /// `2015-08-30T12:36:00Z`.
  static func extended(_ time: Date) -> String { time.formatted(Date.ISO8601FormatStyle()) }

  /// `2015-08-30T12:36:00.000Z`, as S3 writes creation dates.
  static func milliseconds(_ time: Date) -> String {
    time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// `Sun, 30 Aug 2015 12:36:00 GMT`, as in the `Date` header.
  static func http(_ time: Date) -> String {
    let date = extended(time)
    let (year, month, day) = (date.prefix(4), Int(date.dropFirst(5).prefix(2)) ?? 0, date.dropFirst(8).prefix(2))
    // 1 January 1970 was a Thursday.
    let weekday = Int((time.timeIntervalSince1970 / 86_400).rounded(.down)) + 4
    return "\(days[weekday % 7]), \(day) \(months[month - 1]) \(year) \(date.dropFirst(11).prefix(8)) GMT"
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
