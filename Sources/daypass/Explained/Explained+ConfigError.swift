import AWSValues
import Profiles

extension ConfigError: Explainable {
  var explanation: Explanation {
    switch self {
    case .homeUnknown(let home): Self.unusable(home: home)
    case .unreadable(let file, let code):
      Explanation(
        "cannot read \(file.displayText()): \(String(systemError: code))",
        hint: "see who may read it: ls -l \(file.displayText())", status: .badConfig)
    case .malformed(let syntax, let location):
      Explanation("\(location.words): \(syntax.words)", hint: "correct the line", status: .badConfig)
    case .invalidProfileName(let name):
      Explanation(
        "'\(name.displayText())' cannot be a profile's name: letters, digits and -_/.%@:+ can",
        hint: "choose another name", status: .usage)
    case .unwritableProperty(let key):
      Explanation(
        "the value of \(key.rawValue) cannot be written to a config file",
        hint: "leave out line ends, comment signs (#, ;) and spaces at its ends", status: .usage)
    case .profileExists(let name, let location):
      Explanation(
        "profile '\(name.displayText())' is already there (\(location.words))",
        hint: "choose another name, or change the profile there", status: .failure)
    case .notRegular(let file): Self.notRegular(file.displayText())
    case .silentPipe(let file): Self.silentPipe(file.displayText())
    case .changedMeanwhile(let file):
      Explanation(
        "\(file.displayText()) was changed by another program meanwhile, so it is left as it is",
        hint: "run the command again", status: .tryAgain)
    case .busy(let file):
      Self.busy(file.displayText())
    case .unwritable(let file, let code):
      Explanation(
        "cannot write \(file.displayText()): \(String(systemError: code))",
        hint: "see who may write to its folder, and whether the disk is full: df \(file.displayText())",
        status: .failure)
    case .foreignFolder(let file): Self.foreignFolder(of: file)
    }
  }

  private static func unusable(home: String?) -> Explanation {
    let state = home.map { "'\($0.displayText())', which is no path from the root" } ?? "not set"
    return Explanation(
      "HOME is \(state), so ~/.aws/config cannot be found", hint: "set HOME, or AWS_CONFIG_FILE, to a full path",
      status: .badConfig)
  }

  private static func foreignFolder(of file: String) -> Explanation {
    Explanation(
      "the folder of \(file.displayText()), or a link to it, belongs to another user, so nothing is written there",
      hint: "run as that user, or set HOME to a folder of yours", status: .failure)
  }
}

extension ConfigError {
  private static func notRegular(_ file: String) -> Explanation {
    Explanation(
      "\(file) is not a regular file",
      hint: "put a file there, or name another with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE", status: .badConfig)
  }

  private static func silentPipe(_ file: String) -> Explanation {
    Explanation(
      "waited in vain for somebody to write to the pipe \(file)",
      hint: "start what writes to it, or name a file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE",
      status: .badConfig)
  }

  private static func busy(_ file: String) -> Explanation {
    Explanation(
      "\(file) is being changed by another daypass, which does not come to an end",
      hint: "see whether one is stopped or hangs: ps -C daypass; then run the command again", status: .tryAgain)
  }
}

extension ConfigError.Syntax {
  fileprivate var words: String {
    switch self {
    case .notText: "not UTF-8 text"
    case .sectionNotClosed: "a section needs a ']' at its end"
    case .outsideSection: "this stands before the first section"
    case .continuationWithoutProperty: "an indented line continues a property, and there is none before it"
    case .propertyWithoutEquals: "a property needs an '=' between name and value"
    case .propertyWithoutName: "a property needs a name before the '='"
    case .subPropertyWithoutEquals: "an indented line below an empty property needs an '='"
    case .subPropertyWithoutName: "an indented line below an empty property needs a name before the '='"
    }
  }
}

extension SourceLocation {
  /// `FILE, line N`.
  var words: String { "\(file.displayText()), line \(line)" }
}
