import AWSValues
import Keyring
import Profiles

/// What `--debug` tells.
extension CredentialPlan {
  /// The key and the calls, in the order in which they are made.
  var words: String {
    (["the key of profile '\(keyProfile.displayText())'"] + steps.map(\.words)).joined(separator: ", ")
  }
}

extension CredentialPlan.Step {
  fileprivate var words: String {
    switch self {
    case .sessionToken(let step):
      "GetSessionToken for \(step.duration.seconds) s\(step.device.words)"
    case .assumeRole(let step):
      "AssumeRole \(step.role.text.displayText()) for \(step.duration.seconds) s\(step.device.words)"
    }
  }
}

extension MFADevice? {
  fileprivate var words: String { map { " with a code of \($0.text.displayText())" } ?? "" }
}

extension ItemID.Kind {
  var words: String {
    switch self {
    case .longTermKey: "keys"
    case .rotation: "rotations"
    case .session: "sessions"
    }
  }
}
