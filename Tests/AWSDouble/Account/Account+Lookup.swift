extension Account {
  package subscript(user name: String) -> User? {
    get { users.first { $0.name == name } }
    set {
      users.removeAll { $0.name == name }
      users += newValue.map { [$0] } ?? []
    }
  }

  package subscript(role arn: String) -> Role? {
    get { roles.first { $0.arn == arn } }
    set {
      roles.removeAll { $0.arn == arn }
      roles += newValue.map { [$0] } ?? []
    }
  }

  func owner(ofKey id: String) -> (user: User, key: AccessKey)? {
    for user in users {
      if let key = user.keys.first(where: { $0.id == id }) { return (user, key) }
    }
    return nil
  }

  func device(_ serial: String) -> VirtualMFADevice? {
    (users.flatMap(\.mfaDevices) + unassignedMFADevices).first { $0.serial == serial }
  }

  package func arn(of user: User) -> String { "arn:\(partition):iam::\(id):user\(user.path)\(user.name)" }

  package func roleARN(_ name: String) -> String { "arn:\(partition):iam::\(id):role/\(name)" }

  var rootARN: String { "arn:\(partition):iam::\(id):root" }
}
