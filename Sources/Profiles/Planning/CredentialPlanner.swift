/// Turns profiles, environment and options into a plan, without asking keyring, network or user.
package struct CredentialPlanner {
  private let profiles: ProfileSet
  private let environment: [String: String]
  private let options: PlanOptions
  private let partition: (String) -> String

  /// - Parameter partition: names the partition that a region belongs to.
  package init(
    profiles: ProfileSet, environment: [String: String], options: PlanOptions, partition: @escaping (String) -> String
  ) {
    self.profiles = profiles
    self.environment = environment
    self.options = options
    self.partition = partition
  }

  package func plan(for name: String) throws(PlanError) -> CredentialPlan {
    guard let selected = profiles.profile(named: name) else {
      throw .unknownProfile(name, nearest: profiles.names(near: name))
    }
    let chain = try ProfileChain(to: selected, in: profiles)
    let key = try chain.key.longTermKey()
    let settings = ConnectionSettings(
      profile: selected, profiles: profiles, environment: environment, region: options.region)
    let connection = try settings.connection()
    let roles = try chain.parsedRoles()
    if let region = connection.region { try check(roles, against: region) }
    let steps = try PlanSteps(roles: roles, device: chain.device(), options: options).steps()
    return CredentialPlan(profile: name, source: .longTermKey(key), steps: steps, connection: connection)
  }

  private func check(_ roles: [Role], against region: String) throws(PlanError) {
    let partition = partition(region)
    for role in roles where role.arn.partition != partition {
      throw .otherPartition(role.arn, region: region, regionPartition: partition, of: role.arnOrigin)
    }
  }
}
