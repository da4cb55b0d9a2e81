import AWSServices
import AWSValues
import Profiles
import Sessions

/// Why a key is not taken over.
enum ImportError: Error, Equatable {
  /// What the source would keep its keys in is not there.
  case nothingThere(String)
  /// A name that was typed is none of the source's.
  case unknown(String, nearest: [String])
  /// The collection is locked, and nobody can be asked.
  case locked(collection: String)
  case wrongPassphrase(of: String, variable: String?)
  /// A file is encrypted with another passphrase than the rest.
  case otherPassphrase
  /// It is not what the program would have written under this name.
  case damaged
  /// Another program has put it beside those of the source's.
  case foreign(schema: String)
  case ambiguous(count: Int)
  /// The keyring has another key for the profile.
  case otherKey
  /// Two keys would get this name.
  case sameName
  /// What the source calls the key can be no profile's name.
  case invalidName(String)
  /// What is in the source now is not what was read.
  case changed
  case notRemoved
  /// These were not taken over, and why was said.
  case incomplete([String], ExitStatus)
  /// These were, and could not be removed from where they were.
  case left([String])
}

extension ImportError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .nothingThere(let what):
      ErrorMessage(what.displayText(), hint: "daypass import says what is where", status: .noSuchProfile)
    case .unknown(let name, let nearest):
      ErrorMessage(
        "there is no key '\(name.displayText())' to import", hint: nearest.question ?? "leave the name out to see all",
        status: .noSuchProfile)
    case .locked(let collection):
      ErrorMessage(
        "the keyring '\(collection.displayText())' is locked, and there is no display to ask for its password on",
        hint: "run it in a terminal", status: .keyringLocked)
    case .wrongPassphrase(let folder, let variable): Self.wrongPassphrase(of: folder, from: variable)
    case .otherPassphrase: ErrorMessage("it is encrypted with another passphrase, or damaged", status: .failure)
    case .damaged: ErrorMessage("what is stored under this name is not a key that aws-vault wrote", status: .failure)
    case .foreign(let schema):
      ErrorMessage(
        "another program stored it (\(schema.displayText()))", hint: "daypass add PROFILE, if it is yours",
        status: .failure)
    case .ambiguous(let count):
      ErrorMessage(
        "there are \(count) items of this name", hint: "delete the wrong ones: Passwords and Keys (seahorse)",
        status: .failure)
    case .otherKey:
      ErrorMessage("the keyring has another key for this profile", hint: "--overwrite replaces it", status: .failure)
    case .sameName: ErrorMessage("two keys would get this name", hint: "--rename OLD=NEW", status: .usage)
    case .invalidName(let name):
      ErrorMessage(
        "no profile can have this name; it may have letters, digits and -_/.%@:+",
        hint: "repeat the command with --rename \("\(name)=NAME".shellWord)", status: .usage)
    case .changed: ErrorMessage("it was changed meanwhile, and stays where it is", status: .failure)
    case .notRemoved: ErrorMessage("it is in the keyring, and could not be removed from where it was", status: .failure)
    case .left(let names):
      ErrorMessage(
        "in the keyring, and still where they were: \(names.joined(separator: ", ").displayText())", status: .failure)
    case .incomplete(let names, let status):
      ErrorMessage("not imported: \(names.joined(separator: ", ").displayText())", status: status)
    }
  }

  private static func wrongPassphrase(of folder: String, from variable: String?) -> ErrorMessage {
    ErrorMessage(
      "the passphrase\(variable.map { " in \($0)" } ?? "") opens nothing in \(folder.displayText())",
      hint: variable.map { "unset \($0) to be asked" } ?? "it is the one that aws-vault asks for", status: .refused)
  }
}

// MARK: - What import says and asks

extension ErrorMessages {
  static func found(_ id: String, _ identity: CallerIdentity?, for profile: String) -> String {
    let owner = identity.map { " of \($0.arn.displayText())" } ?? ", not checked with AWS"
    return "profile '\(profile.displayText())': \(id)\(owner)"
  }

  /// Nil for nothing. Names of aws-vault's sessions say nothing to people.
  static func skipped(_ found: [SourceItem]) -> String? {
    guard !found.isEmpty else { return nil }
    let names = found.map(\.name).filter { VaultItem.kind(of: $0) == .key }
    let count = found.count == 1 ? "1 session or sign-in" : "\(found.count) sessions and sign-ins"
    let list = names.isEmpty ? "" : " (\(names.joined(separator: ", ").displayText()))"
    return "left out \(count), which expire\(list)"
  }

  static func importQuestion(_ names: [String]) -> String {
    let keys = names.count == 1 ? "this key" : "these \(names.count) keys"
    return "import \(keys) (\(names.joined(separator: ", ").displayText()))?"
  }

  static func plainTextStays(at place: SourceLocation) -> String {
    "\(place.file.displayText()) still has the key in plain text (line \(place.line)); --delete-source removes it"
  }

  static func removalQuestion(_ places: [SourceLocation]) -> String {
    guard places.count > 1 else { return "remove the plain-text key from \(places.first?.words ?? "the file")?" }
    let files = Set(places.map(\.file)).sorted().joined(separator: " and ")
    return "remove the \(places.count) plain-text keys from \(files.displayText())?"
  }

  /// A line of a file, and what it is to be.
  static func difference(_ old: Property, _ new: String) -> [String] {
    ["\(old.location.words):"]
      + zip(["-", "+"], [old.value, new]).map { sign, value in
        "\(sign) \(Setting.credentialProcess.rawValue) = \(value.displayText(limit: 1_000))"
      }
  }
}
