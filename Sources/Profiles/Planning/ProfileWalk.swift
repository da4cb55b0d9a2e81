/// The way from a profile to the one that holds its key.
struct ProfileWalk {
  private(set) var current: Profile
  /// The profiles passed whose roles are to be assumed.
  private(set) var roles: [Profile] = []
  private var arrival = Arrival.asked
  private var passed: [String]
  private let profiles: ProfileSet

  /// What led to the current profile.
  private enum Arrival {
    /// The user, or a `credential_process` of ours, asks for its credentials.
    case asked
    case sourceProfile
  }

  init(from selected: Profile, in profiles: ProfileSet) {
    current = selected
    passed = [selected.name]
    self.profiles = profiles
  }

  /// Goes on to the profile that the current one gets its credentials from; false at the one that holds the key.
  mutating func advance() throws(PlanError) -> Bool {
    if arrival == .sourceProfile, current.holdsKeyInFile { return false }
    switch try ProfileSource(of: current) {
    case .ownKey: return false
    case .ownKeyForRole:
      roles.append(current)
      return false
    case .role(let source):
      roles.append(current)
      try follow(source.value, arrival: .sourceProfile, from: current.origin(of: source, .sourceProfile))
    case .sameAs(let name, let process):
      try follow(name, arrival: .asked, from: current.origin(of: process, .credentialProcess))
    }
    return true
  }

  private mutating func follow(_ name: String, arrival: Arrival, from origin: Origin) throws(PlanError) {
    if let start = passed.firstIndex(of: name) { throw .loop(passed[start...] + [name], from: origin) }
    guard let next = profiles.profile(named: name) else {
      throw .unknownReference(name, from: origin, nearest: profiles.names(near: name))
    }
    passed.append(name)
    self.arrival = arrival
    current = next
  }
}
