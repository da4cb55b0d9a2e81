/// What goes wrong with one call.
package enum Fault: Equatable, Sendable {
  /// Nothing: lets a call through to reach a later one.
  case pass

  // The call is not carried out:
  /// `Throttling` 400; `SlowDown` 503 from S3.
  case throttle
  /// `InternalFailure` 500; `InternalError` from S3.
  case serverError
  /// `ServiceUnavailable` 503; `SlowDown` from S3.
  case unavailable
  /// `EntityTemporarilyUnmodifiable` 409, IAM's answer soon after another change to the same thing.
  case busy
  /// No byte comes until the double stops.
  case hang
  /// The connection closes without a byte.
  case close
  /// 200 with a page of HTML, as from a hotel's network.
  case garbage
  /// 200 with an XML body of this many bytes.
  case huge(bytes: Int)
  /// 307 to another path of the double.
  case redirect
  /// This error document, in the shape of the called service.
  case refuse(status: Int, code: String, message: String)
  /// This answer, byte for byte.
  case answer(status: Int, type: String, body: String)

  // The call is carried out, and its answer goes wrong:
  /// The connection closes without a byte, after the call had its effect.
  case closeAfterActing
  /// Half the body, then the connection closes.
  case cut
  /// A `Date` header this many seconds ahead.
  case wrongDate(seconds: Int)
  /// The answer waits for `AWSDouble.release()`.
  case delay
}

// MARK: - Name

extension Fault {
  /// The name in the control API and in recorded calls.
  var name: String {
    switch self {
    case .pass: "pass"
    case .throttle: "throttle"
    case .serverError: "server-error"
    case .unavailable: "unavailable"
    case .busy: "busy"
    case .hang: "hang"
    case .close: "close"
    case .garbage: "garbage"
    case .huge: "huge"
    case .redirect: "redirect"
    case .refuse: "refuse"
    case .answer: "answer"
    case .closeAfterActing: "close-after-acting"
    case .cut: "cut"
    case .wrongDate: "wrong-date"
    case .delay: "delay"
    }
  }
}

// MARK: - Fault queue

/// The faults to come, in the order they were scripted.
struct FaultQueue: Sendable {
  private var rules: [FaultRule] = []

  mutating func add(_ more: [FaultRule]) { rules += more }

  mutating func clear() { rules = [] }

  /// The first fault that waits for such a call; it then waits for one call fewer.
  mutating func next(for action: Action?) -> Fault? {
    guard let index = rules.firstIndex(where: { $0.times > 0 && ($0.action == nil || $0.action == action) }) else {
      return nil
    }
    rules[index].times -= 1
    return rules[index].fault
  }
}

/// A fault and the calls it waits for.
package struct FaultRule: Sendable {
  /// AWS's name of the call; nil is any.
  let action: Action?
  let fault: Fault
  var times: Int
}

// MARK: - JSON

extension FaultRule: Decodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case action, fault, times, bytes, seconds, status, code, message, type, body
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    action = try fields.decodeIfPresent(Action.self, forKey: .action)
    times = try fields.value(.times, or: 1)
    fault = try Self.fault(fields)
  }

  private static func fault(_ fields: KeyedDecodingContainer<CodingKeys>) throws -> Fault {
    let name = try fields.decode(String.self, forKey: .fault)
    let plain: [Fault] = [
      .pass, .throttle, .serverError, .unavailable, .busy, .hang, .close, .garbage, .redirect, .closeAfterActing, .cut,
      .delay,
    ]
    if let fault = plain.first(where: { $0.name == name }) { return fault }
    switch name {
    case "huge": return .huge(bytes: try fields.value(.bytes, or: 2 << 20))
    case "wrong-date": return .wrongDate(seconds: try fields.decode(Int.self, forKey: .seconds))
    case "refuse": return try refusal(fields)
    case "answer": return try answer(fields)
    default:
      throw DecodingError.dataCorruptedError(forKey: .fault, in: fields, debugDescription: "no fault is named \(name)")
    }
  }

  private static func refusal(_ fields: KeyedDecodingContainer<CodingKeys>) throws -> Fault {
    .refuse(
      status: try fields.decode(Int.self, forKey: .status), code: try fields.decode(String.self, forKey: .code),
      message: try fields.value(.message, or: "scripted"))
  }

  private static func answer(_ fields: KeyedDecodingContainer<CodingKeys>) throws -> Fault {
    .answer(
      status: try fields.value(.status, or: 200), type: try fields.value(.type, or: "text/xml"),
      body: try fields.value(.body, or: ""))
  }
}

// MARK: - Fault reply

extension World {
  /// The answer in place of carrying out the call; nil for a fault that does not prevent that.
  func reply(to request: WireRequest, with fault: Fault, for service: Service) -> Reply? {
    switch fault {
    case .pass, .closeAfterActing, .cut, .wrongDate, .delay: nil
    case .hang: .hang
    case .close: .close
    case .throttle: failure(.throttled(by: service), of: service)
    case .serverError: failure(.internalError(of: service), of: service)
    case .unavailable: failure(.unavailable(service), of: service)
    case .busy: failure(.busy, of: service)
    case .refuse(let status, let code, let message): failure(Refusal(status, code, message), of: service)
    case .garbage:
      other(WireResponse(200, type: "text/html", "<!DOCTYPE html><html><body>Please log in<br></body></html>"))
    case .huge(let bytes): other(Self.huge(bytes))
    case .redirect: other(WireResponse(307, type: "text/html", "", headers: [("Location", "/elsewhere")]))
    case .answer(let status, let type, let body): other(WireResponse(status, type: type, body))
    }
  }

  private func failure(_ refusal: Refusal, of service: Service) -> Reply { other(.refusal(refusal, for: service)) }

  private func other(_ response: WireResponse) -> Reply { .answer(dated(response)) }

  private static func huge(_ bytes: Int) -> WireResponse {
    WireResponse(200, type: "text/xml", "<Huge>" + String(repeating: "x", count: max(0, bytes - 13)) + "</Huge>")
  }
}
