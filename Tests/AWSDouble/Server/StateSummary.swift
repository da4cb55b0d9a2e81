import FoundationEssentials

/// What `GET /_double/state` tells: names, ids and times, no secret, no seed, no token.
struct StateSummary: Encodable {
  let account: String
  let time: Date
  let users: [UserSummary]
  let roles: [String]
  let unassignedMFADevices: [String]
  let buckets: [String]
  let sessions: [SessionSummary]

  init(_ world: World) {
    account = world.account.id
    time = world.now
    users = world.account.users.map { UserSummary($0, arn: world.account.arn(of: $0)) }
    roles = world.account.roles.map(\.arn)
    unassignedMFADevices = world.account.unassignedMFADevices.map(\.serial)
    buckets = world.account.buckets.map(\.name)
    sessions = world.sessions.values.sorted { $0.expiration < $1.expiration }.map {
      SessionSummary(kind: $0.kind, principal: world.account.arn(of: $0.identity), expiration: $0.expiration)
    }
  }
}
