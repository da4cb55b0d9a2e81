package import AWSServices
internal import AWSValues
internal import FoundationEssentials
package import Secrets

/// Removes what runs have created, with as many retries as that takes, and checks whether anything remains.
package struct Teardown: ~Copyable {
  private let iam: IAM
  private let admin: Credentials
  private let time: InterruptibleClock
  private let tell: (ScenarioEvent) -> Void

  /// Counted from the first failure: networks recover, and IAM stops being busy, in less.
  private static let limit = Duration.seconds(90)
  private static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8)]

  package init(
    _ iam: IAM, signedBy admin: borrowing Credentials, time: InterruptibleClock, tell: @escaping (ScenarioEvent) -> Void
  ) {
    self.iam = iam
    self.admin = admin.clone()
    self.time = time
    self.tell = tell
  }

  package struct Result: Equatable, Sendable {
    package var removed: [Resource] = []
    package var remaining: [Resource] = []
  }

  package func remove(_ resources: [Resource]) -> Result {
    guard !resources.isEmpty else { return Result() }
    tell(.removing)
    let deadline = time.instant() + Self.limit
    for resource in resources {
      do {
        try retry(until: deadline) { try remove(resource) }
        tell(.removed(resource))
      } catch {
        tell(.notRemoved(resource, error))
      }
    }
    return verified(resources, until: deadline)
  }

  /// What the lists still show remains; if they cannot be read, all of it does.
  private func verified(_ resources: [Resource], until deadline: ContinuousClock.Instant) -> Result {
    var remaining = resources
    do {
      try retry(until: deadline) {
        remaining = try stillListed(resources)
        guard remaining.isEmpty else { throw ScenarioError.remains(remaining) }
      }
    } catch {
      return Result(removed: resources.filter { !remaining.contains($0) }, remaining: remaining)
    }
    return Result(removed: resources)
  }

  private func stillListed(_ resources: [Resource]) throws -> [Resource] {
    let users = try iam.users(signedBy: admin).map(\.name)
    let roles = try iam.roles(signedBy: admin).map(\.name)
    let devices = try iam.virtualMFADevices(signedBy: admin).map(\.device)
    return resources.filter { resource in
      switch resource {
      case .user(let name): users.contains(name)
      case .role(let name): roles.contains(name)
      case .device(let device, _): devices.contains(device)
      }
    }
  }

  /// Repeats it until it succeeds; throws the last error once pauses or time are used up.
  private func retry(until deadline: ContinuousClock.Instant, _ body: () throws -> Void) throws {
    let time = time
    let polling = PollingPolicy(pauses: Self.pauses) { _ = time.pause($0) }
    try polling.retry(body, while: { _ in time.instant() < deadline })
  }
}

// MARK: - Leftovers

/// What killed runs have left in the account.
package struct Leftovers: Equatable, Sendable {
  /// The resources with our name and our tag, in the order in which they can be removed.
  package var ours: [Resource] = []
  /// The resources with our name alone, which are left.
  package var untagged: [Resource] = []

  /// Looks through the account's roles, virtual devices and users.
  package init(in iam: IAM, signedBy admin: borrowing Credentials) throws(AWSError) {
    for role in try iam.roles(signedBy: admin) where role.name.text.hasPrefix(ScenarioNames.prefix) {
      sort(.role(role.name), by: try iam.tags(ofRole: role.name, signedBy: admin))
    }
    for found in try iam.virtualMFADevices(signedBy: admin) {
      let device = Resource.device(found.device, owner: found.user?.name)
      guard device.name.hasPrefix(ScenarioNames.prefix) else { continue }
      sort(device, by: try iam.tags(ofDevice: found.device, signedBy: admin))
    }
    for user in try iam.users(signedBy: admin) {
      guard let name = user.name, name.text.hasPrefix(ScenarioNames.prefix) else { continue }
      sort(.user(name), by: try iam.tags(ofUser: name, signedBy: admin))
    }
  }

  private mutating func sort(_ resource: Resource, by tags: [Tag]) {
    if ScenarioNames.run(ofName: resource.name, tags: tags) == nil {
      untagged.append(resource)
    } else {
      ours.append(resource)
    }
  }
}

// MARK: - Removal

/// Removes a resource from IAM with all that belongs to it.
extension Teardown {
  /// What is already gone counts as removed.
  private func remove(_ resource: Resource) throws(AWSError) {
    switch resource {
    case .user(let name): try remove(user: name)
    case .role(let name): try remove(role: name)
    case .device(let device, let owner): try remove(device: device, of: owner)
    }
  }

  private func remove(user name: UserName) throws(AWSError) {
    try IAM.ignoringAbsence { () throws(AWSError) in
      for key in try iam.accessKeys(ofUser: name, signedBy: admin) {
        try IAM.ignoringAbsence { () throws(AWSError) in
          try iam.deleteAccessKey(key.id, ofUser: name, signedBy: admin)
        }
      }
      for policy in try iam.policies(ofUser: name, signedBy: admin) {
        try IAM.ignoringAbsence { () throws(AWSError) in
          try iam.deletePolicy(policy, ofUser: name, signedBy: admin)
        }
      }
    }
    try IAM.ignoringAbsence { () throws(AWSError) in try iam.deleteUser(name, signedBy: admin) }
  }

  private func remove(role name: RoleName) throws(AWSError) {
    try IAM.ignoringAbsence { () throws(AWSError) in
      for policy in try iam.policies(ofRole: name, signedBy: admin) {
        try IAM.ignoringAbsence { () throws(AWSError) in
          try iam.deletePolicy(policy, ofRole: name, signedBy: admin)
        }
      }
    }
    try IAM.ignoringAbsence { () throws(AWSError) in try iam.deleteRole(name, signedBy: admin) }
  }

  private func remove(device: MFADevice, of owner: UserName?) throws(AWSError) {
    if let owner {
      try IAM.ignoringAbsence { () throws(AWSError) in
        try iam.deactivateMFADevice(device, ofUser: owner, signedBy: admin)
      }
    }
    try IAM.ignoringAbsence { () throws(AWSError) in try iam.deleteVirtualMFADevice(device, signedBy: admin) }
  }
}
