internal import AWSServices
internal import FoundationEssentials
package import Secrets

/// Removes what runs have made, however often AWS has to be asked, and looks whether anything remains.
package struct Teardown: ~Copyable {
  private let services: ScenarioServices
  private let removal: Removal
  private let time: Timekeeper
  private let tell: (ScenarioEvent) -> Void

  /// From its first failure on; networks come back, and IAM gives up being busy, in less.
  private static let limit = Duration.seconds(90)
  private static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8)]

  package init(
    _ services: ScenarioServices, signedBy admin: borrowing Credentials, time: Timekeeper,
    tell: @escaping (ScenarioEvent) -> Void
  ) {
    self.services = services
    removal = Removal(iam: services.iam, admin: admin.clone())
    self.time = time
    self.tell = tell
  }

  package struct Result: Equatable, Sendable {
    package var removed: [Resource] = []
    package var remaining: [Resource] = []

    package init(removed: [Resource] = [], remaining: [Resource] = []) {
      (self.removed, self.remaining) = (removed, remaining)
    }
  }

  package func remove(_ resources: [Resource]) -> Result {
    guard !resources.isEmpty else { return Result() }
    tell(.removing)
    let deadline = time.instant() + Self.limit
    for resource in resources {
      do {
        try persist(until: deadline) { try removal.remove(resource) }
        tell(.removed(resource))
      } catch {
        tell(.notRemoved(resource, ScenarioFailure(error: error)))
      }
    }
    return verified(resources, until: deadline)
  }

  /// What the lists still show remains; where they cannot be read, all of it.
  private func verified(_ resources: [Resource], until deadline: ContinuousClock.Instant) -> Result {
    var remaining = resources
    do {
      try persist(until: deadline) {
        remaining = try stillListed(resources)
        guard remaining.isEmpty else { throw ScenarioError.remains(remaining) }
      }
    } catch {
      return Result(removed: resources.filter { !remaining.contains($0) }, remaining: remaining)
    }
    return Result(removed: resources)
  }

  private func stillListed(_ resources: [Resource]) throws -> [Resource] {
    let iam = services.iam
    let users = try iam.users(signedBy: removal.admin).map(\.name)
    let roles = try iam.roles(signedBy: removal.admin).map(\.name)
    let devices = try iam.virtualMFADevices(signedBy: removal.admin).map(\.device)
    return resources.filter { resource in
      switch resource {
      case .user(let name): users.contains(name)
      case .role(let name): roles.contains(name)
      case .device(let device, _): devices.contains(device)
      }
    }
  }

  /// Does it until it succeeds; throws the last error once pauses or time are used up.
  private func persist(until deadline: ContinuousClock.Instant, _ body: () throws -> Void) throws {
    let time = time
    let patience = IAMPatience(pauses: Self.pauses) { _ = time.pause($0) }
    try patience.persist(body, while: { _ in time.instant() < deadline })
  }
}
