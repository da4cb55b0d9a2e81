/// The profiles of the config and the credentials file. None is interpreted before it is asked for.
package struct ProfileSet: Sendable {
  private let config: ConfigDocument
  private let credentials: ConfigDocument

  package init(config: ConfigDocument, credentials: ConfigDocument) {
    self.config = config
    self.credentials = credentials
  }

  /// The profile `name`; nil where neither file has it.
  package func profile(named name: String) -> Profile? {
    MergedSection(of: [config.sections(ofProfile: name), credentials.sections(ofProfile: name)])
      .map { Profile(name: name, section: $0) }
  }

  /// The names of all profiles, each once, sorted.
  package var names: [String] {
    Set(config.profileNames + credentials.profileNames).sorted()
  }

  /// The section `[sso-session name]`; nil where the config file has none.
  package func ssoSession(named name: String) -> MergedSection? {
    MergedSection(of: [config.sections(.ssoSession, named: name)])
  }

  /// The section `[services name]`; nil where the config file has none.
  package func services(named name: String) -> MergedSection? {
    MergedSection(of: [config.sections(.services, named: name)])
  }
}

extension ProfileSet {
  /// At most three names that `mistyped` may stand for, the nearest first.
  package func names(near mistyped: String) -> [String] {
    NearestNames(to: mistyped).among(names)
  }
}
