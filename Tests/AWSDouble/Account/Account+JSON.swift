import FoundationEssentials

extension Account {
  /// Reads the format of `aws-double --state`; dates as `2026-01-01T00:00:00Z`.
  package init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    self = try decoder.decode(Account.self, from: json)
  }
}
