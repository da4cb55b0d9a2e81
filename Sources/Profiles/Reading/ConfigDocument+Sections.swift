/// Sections of a document, found by kind and name.
extension ConfigDocument {
  /// Some sections of a document, in their order.
  struct Selection: Sendable {
    var document: ConfigDocument
    var sections: [ConfigSection]
  }

  func sections(_ kind: ConfigSection.Kind, named name: String) -> Selection {
    let bytes = bytes.span
    var found: [ConfigSection] = []
    for index in sections.indices where sections[index].kind == kind && bytes.equals(name, in: sections[index].name) {
      found.append(sections[index])
    }
    return Selection(document: self, sections: found)
  }

  /// The sections of a profile: `[default]` counts only where the config file has no `[profile default]`.
  func sections(ofProfile name: String) -> Selection {
    let prefixed = sections(.profile, named: name)
    return prefixed.sections.isEmpty ? sections(.plainDefault, named: name) : prefixed
  }

  var profileNames: [String] {
    sections.filter { $0.kind == .profile || $0.kind == .plainDefault }.map { text($0.name) }
  }
}
