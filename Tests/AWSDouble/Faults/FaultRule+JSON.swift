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
