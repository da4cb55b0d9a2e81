import FoundationEssentials

/// The body of `POST /_double/clock`: one of its fields.
struct ClockChange: Decodable {
  /// Seconds ahead of the machine's clock.
  var offset: Double?
  var fixed: Date?
  /// Seconds ahead of what it is.
  var advance: Double?

  enum CodingKeys: String, CodingKey, CaseIterable { case offset, fixed, advance }

  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    self = try decoder.decode(ClockChange.self, from: json)
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    offset = try fields.decodeIfPresent(Double.self, forKey: .offset)
    fixed = try fields.decodeIfPresent(Date.self, forKey: .fixed)
    advance = try fields.decodeIfPresent(Double.self, forKey: .advance)
  }

  func applied(to clock: DoubleClock) -> DoubleClock {
    let start = fixed.map { DoubleClock.fixed($0) } ?? offset.map { .offset($0) } ?? clock
    return start.advanced(by: advance ?? 0)
  }
}
