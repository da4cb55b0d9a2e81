import AWSServices
import AWSValues
import Profiles
import Sessions

/// Why a key is not taken over.
enum ImportError: Error, Equatable {
  /// What the source would keep its keys in is not there.
  case nothingThere(String)
  /// The source has no key of this name.
  case unknown(String, nearest: [String])
  /// The collection is locked, and nobody can be asked.
  case locked(collection: String)
  case wrongPassphrase(of: String, variable: String?)
  /// A file is encrypted with another passphrase than the rest.
  case otherPassphrase
  /// It is not what the program would have written under this name.
  case damaged
  /// Another program stored it among the source's items.
  case foreign(schema: String)
  case ambiguous(count: Int)
  /// The keyring has another key for the profile.
  case otherKey
  /// Two keys would get this name.
  case sameName
  /// What the source calls the key can be no profile's name.
  case invalidName(String)
  /// The profile of this name gets its credentials elsewhere.
  case notUsed(PlanError)
  /// What is in the source now is not what was read.
  case changed
  case notRemoved
  /// These were not taken over, and why was said.
  case incomplete([String], ExitStatus)
  /// These were imported, but could not be removed from the source.
  case left([String])
}

extension ImportError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .nothingThere(let what):
      .noSuchProfile(what.displayText(), hint: "daypass import lists what it finds and where")
    case .unknown(let name, let nearest):
      .noSuchProfile(
        "there is no key '\(name.displayText())' to import", hint: nearest.question ?? "leave the name out to see all")
    case .locked(let collection):
      .keyringLocked(
        "the keyring '\(collection.displayText())' is locked, and there is no display to ask for its password on",
        hint: "run it in a terminal")
    case .wrongPassphrase(let folder, let variable):
      .refused(
        "the passphrase\(variable.map { " in \($0)" } ?? "") opens nothing in \(folder.displayText())",
        hint: variable.map { "unset \($0) to be asked" } ?? "it is the one that aws-vault asks for")
    case .otherPassphrase: .failure("it is encrypted with another passphrase, or damaged")
    case .damaged: .failure("what is stored under this name is not a key that aws-vault wrote")
    case .foreign(let schema):
      .failure("another program stored it (\(schema.displayText()))", hint: "daypass add PROFILE, if it is yours")
    case .ambiguous(let count):
      .failure("there are \(count) items of this name", hint: "delete the wrong ones: Passwords and Keys (seahorse)")
    case .otherKey: .failure("the keyring has another key for this profile", hint: "--overwrite replaces it")
    case .sameName: .usage("two keys would get this name", hint: "--rename OLD=NEW")
    case .invalidName(let name):
      .usage(
        "no profile can have this name; it may have letters, digits and -_/.%@:+",
        hint: "repeat the command with --rename \("\(name)=NAME".shellWord)")
    case .notUsed(let error):
      .usage(error.errorMessage.problem, hint: "to keep it under another name: --rename OLD=NEW")
    case .changed: .failure("it was changed meanwhile, and stays where it is")
    case .notRemoved: .failure("it is in the keyring, and could not be removed from where it was")
    case .left(let names):
      .failure("in the keyring, and still where they were: \(names.joined(separator: ", ").displayText())")
    case .incomplete(let names, let status):
      ErrorMessage("not imported: \(names.joined(separator: ", ").displayText())", status: status)
    }
  }
}

// MARK: - What import says and asks

extension Messages {
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
