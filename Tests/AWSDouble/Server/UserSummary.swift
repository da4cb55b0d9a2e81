/// A user in `GET /_double/state`.
struct UserSummary: Encodable {
  let arn: String
  /// Access key id to whether it is active.
  let keys: [String: Bool]
  let mfaDevices: [String]
  let policies: [String]

  init(_ user: User, arn: String) {
    self.arn = arn
    keys = Dictionary(user.keys.map { ($0.id, $0.isActive) }) { first, _ in first }
    mfaDevices = user.mfaDevices.map(\.serial)
    policies = user.policies.keys.sorted()
  }
}
