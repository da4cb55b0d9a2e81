import AWSValues
import Profiles

// What `explain` prints for people.

extension Explanation {
  var text: String {
    let chosen = profileVariable.map { " (from \($0))" } ?? ""
    let narrowed = scope.map { "narrowed to \($0.displayText()), within what its role or user may do\n" } ?? ""
    var parts = ["profile  \(profile.displayText())\(chosen)\n\(narrowed)starts with \(source.description)\n"]
    parts[0] += source.parameters.table + (source.session?.words("  ") ?? "")
    for (index, step) in steps.enumerated() {
      parts.append("\(index + 1). \(step.call)\n\(step.parameters.table)\(step.words)")
    }
    if steps.isEmpty, source.session == nil { parts.append("no call to STS: the command gets these credentials\n") }
    parts.append("reached by\n" + connection.table)
    if !unused.isEmpty { parts.append("not used\n" + unused.map(\.words).joined()) }
    return parts.joined(separator: "\n")
  }
}

extension [Explanation.Fact] {
  /// Indented lines of name, value and origin.
  fileprivate var table: String {
    let cells = map { ($0.name, $0.value.displayText(limit: 2_048)) }
    let (names, values) = (cells.map(\.0.count).max() ?? 0, cells.map(\.1.count).filter { $0 <= 60 }.max() ?? 0)
    return zip(self, cells).map { fact, cell in
      let note = fact.note.map { "; \($0)" } ?? ""
      return "   \(cell.0.padded(to: names))  \(cell.1.padded(to: values))  \(fact.origin)\(note)\n"
    }.joined()
  }
}

extension Explanation.Step {
  fileprivate var words: String {
    guard isNeeded else {
      return session.isCached == true ? session.words("   not called: ") : "   not called: a later session is cached\n"
    }
    return session.isCached == nil ? session.words("   ") : ""
  }
}

extension Explanation.Session {
  fileprivate func words(_ start: String) -> String {
    switch isCached {
    case true?: "\(start)its session is cached, with \(TimeSpan(seconds: secondsLeft ?? 0).text) or more left\n"
    case false?: ""
    case nil: "\(start)whether its session is cached cannot be seen from outside\n"
    }
  }
}

extension Explanation.Unused {
  fileprivate var words: String {
    let place = file.flatMap { file in line.map { SourceLocation(file: file, line: $0).words } }
    let owner = profile.map { " of profile '\($0.displayText())'" } ?? ""
    return "   \(name.displayText())\(owner)\(place.map { " (\($0))" } ?? ""): \(reason)\n"
  }

  /// Why a variable does not count.
  static let otherSource = "the profile has its own source"
  static let otherRegion = "another region comes first"
}

extension UnusedSetting.Reason {
  var words: String {
    switch self {
    case .unknown: "daypass does not read it"
    case .plainTextKey: "a key in plain text is never used; daypass import takes it into the keyring"
    case .otherProfile(let asked): "it counts only in the profile that is asked for, '\(asked.displayText())'"
    case .overridden(let origin): "\(origin.words) comes first"
    case .otherSource(let origin?): "\(origin.words) says where credentials come from"
    case .otherSource(nil): "credentials come from a key"
    case .notNeeded: "nothing in this plan needs it"
    }
  }
}

extension CredentialPlan.AssumeRole {
  /// Why the duration is not what was asked for; nil if it is.
  var capNote: String? {
    cappedFrom.map { "reduced from \($0.words), AWS's limit for a role assumed from a session" }
  }

  /// Why this call takes a code of its own; nil if that was asked for.
  var codeNote: String? {
    duration <= .roleChainingLimit
      ? nil
      : "its code goes with this call, since a role from an MFA session lasts \(SessionDuration.roleChainingLimit.words) at most"
  }
}
