@testable import Profiles

extension ConfigDocument {
  /// All values, in the shape of `ReferenceConfig.sections`.
  var everything: [String: [String: String]] {
    var everything: [String: [String: String]] = [:]
    for section in sections {
      let name = text(section.name)
      guard let (title, merged) = merged(section.kind, name) else { continue }
      let values = merged.keys.map { key in (key, merged.property(key)?.value ?? "?") }
      everything[title] = Dictionary(uniqueKeysWithValues: values)
    }
    return everything
  }

  private func merged(_ kind: ConfigSection.Kind, _ name: String) -> (title: String, section: MergedSection)? {
    let (title, selection) =
      switch kind {
      case .profile: ("profile " + name, sections(ofProfile: name))
      case .plainDefault: ("default", sections(ofProfile: name))
      case .ssoSession: ("sso-session " + name, sections(kind, named: name))
      case .services: ("services " + name, sections(kind, named: name))
      }
    let isReplaced = kind == .plainDefault && selection.sections.first?.kind == .profile
    return isReplaced ? nil : MergedSection(of: [selection]).map { (title, $0) }
  }
}
