package import AWSServices
internal import AWSValues
package import Secrets

/// What runs that were killed have left in the account.
package struct Leftovers: Equatable, Sendable {
  /// Those with our name and our tag, in the order in which they can be removed.
  package var ours: [Resource] = []
  /// Those with our name alone, which are left.
  package var untagged: [Resource] = []

  init() {}

  /// Looks through the account's roles, virtual devices and users.
  package init(in services: ScenarioServices, signedBy admin: borrowing Credentials) throws(AWSError) {
    let iam = services.iam
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
