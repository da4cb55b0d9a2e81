/// A command about one profile, which hints name.
protocol ProfileCommand: HostCommand {
  var profile: ProfileArgument { get }

  /// The profile whose key it uses, as far as the files tell.
  func keyProfile(on host: Host) -> String
}

extension ProfileCommand {
  func keyProfile(on host: Host) -> String {
    let name = profile.name(in: host.environment)
    do {
      return try host.planner(for: host.profiles()).plan(for: name).keyProfile
    } catch {
      return name
    }
  }
}
