import FoundationEssentials

/// The last use of an access key, which the double knows at once.
struct KeyUse: Sendable {
  let date: Date
  let service: Service
  let region: String
}
