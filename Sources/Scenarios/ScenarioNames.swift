package import AWSServices
package import AWSValues

/// What a run calls what it makes: our prefix and the run's own suffix, which is also the value of the tag.
package struct ScenarioNames: Equatable, Sendable {
  package static let prefix = "daypass-scenario-"
  package static let tagKey = "daypass-scenario"

  package let run: String
  package let user: UserName
  package let role: RoleName
  package let device: MFADeviceName
  package let policy: PolicyName
  package let session: RoleSessionName

  /// Nil where `run` holds what AWS does not take in a name.
  package init?(run: String) {
    let name = Self.prefix + run
    guard let user = UserName(name), let role = RoleName(name), let device = MFADeviceName(name),
      let policy = PolicyName(name), let session = RoleSessionName(name)
    else { return nil }
    (self.run, self.user, self.role, self.device) = (run, user, role, device)
    (self.policy, self.session) = (policy, session)
  }

  package var tags: [Tag] { [Tag(key: Self.tagKey, value: run)] }

  /// The run that a resource's name and tags are of; nil where either is not ours.
  static func run(ofName name: String, tags: [Tag]) -> String? {
    guard name.hasPrefix(prefix) else { return nil }
    let run = String(name.dropFirst(prefix.count))
    return tags.contains(Tag(key: tagKey, value: run)) ? run : nil
  }
}
