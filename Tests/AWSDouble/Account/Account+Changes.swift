extension Account {
  /// Changes the user in its place, where there is one.
  mutating func update(user name: String, _ change: (inout User) -> Void) {
    guard let place = users.firstIndex(where: { $0.name == name }) else { return }
    change(&users[place])
  }

  mutating func update(role name: String, _ change: (inout Role) -> Void) {
    guard let place = roles.firstIndex(where: { $0.name == name }) else { return }
    change(&roles[place])
  }

  subscript(roleNamed name: String) -> Role? { roles.first { $0.name == name } }
}
