import FoundationEssentials

/// How long new users, keys, roles and policies take to be seen by the rest of AWS: both must be over.
package struct Propagation: Decodable, Sendable {
  package var seconds = 0.0
  /// Calls of any kind.
  package var calls = 0

  package init(seconds: Double = 0, calls: Int = 0) { (self.seconds, self.calls) = (seconds, calls) }

  enum CodingKeys: String, CodingKey, CaseIterable { case seconds, calls }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    seconds = try fields.value(.seconds, or: 0)
    calls = try fields.value(.calls, or: 0)
  }
}
