/// The profiles that a plan goes through.
struct ProfileChain {
  /// The profile that holds the key.
  var key: Profile
  /// The profiles whose roles are assumed, the one nearest the key first.
  var roles: [Profile]

  /// Follows `source_profile` from `selected` to the key.
  ///
  /// A source profile with a key in a file ends the chain: its own role is not assumed.
  init(to selected: Profile, in profiles: ProfileSet) throws(PlanError) {
    var walk = ProfileWalk(from: selected, in: profiles)
    while try walk.advance() {}
    key = walk.current
    roles = walk.roles.reversed()
  }
}
