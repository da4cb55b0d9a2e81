import AWSValues
import Delivery
import Profiles

extension DeliveryError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .unusableValue(let name, let problem):
      .failure("the value of \(name.displayText()) is unusable: \(problem.words)", hint: "check the profile's settings")
    case .unusableInFormat(let name, let format):
      .failure(
        "the format '\(format.rawValue)' cannot carry the value of \(name.displayText())",
        hint: "choose another --format, such as json")
    case .commandNotFound(let command):
      ErrorMessage("command not found: \(command.displayText())", status: .notFound)
    case .commandNotExecutable(let path, let reason):
      ErrorMessage("cannot run \(path.displayText()): \(reason.words)", status: reason.status)
    case .outputFailed(let code): .failure("cannot write the output: \(String.systemError(code))")
    case .fileExists(let path):
      .failure("\(path.displayText()) already exists and is not overwritten", hint: "choose a name that is not taken")
    case .serverMissing(let path):
      .failure(
        "the credential server is not installed: \(path.displayText())",
        hint: "make install installs it; or without it: daypass exec PROFILE -- COMMAND")
    case .serverNotStarted(let code): .failure("cannot start the credential server: \(String.systemError(code))")
    case .fileFailed(let path, let code): .failure("\(path.displayText()): \(String.systemError(code))")
    }
  }
}

extension Messages {
  /// SDKs look at the profile `default` before they ask a server.
  static func serverIsPassedOver(for rival: Property) -> String {
    "the profile 'default' has a source of its own (\(rival.location.words)), which SDKs prefer to the server"
  }
}

extension DeliveryError.ValueProblem {
  fileprivate var words: String {
    switch self {
    case .empty: "it is empty"
    case .controlCharacter: "it contains a control character"
    case .notUTF8: "it is not UTF-8"
    }
  }
}

extension DeliveryError.NotExecutable {
  /// As in shells, for which a missing interpreter is a missing command: that is what execve(2) reports.
  fileprivate var status: ExitStatus {
    switch self {
    case .interpreterMissing: .notFound
    case .noPermission, .directory, .argumentsTooLong, .other: .notExecutable
    }
  }
}
