import AWSValues
import Keyring

/// How messages name an item, and what puts it right.
extension ItemID {
  var words: String {
    switch kind {
    case .longTermKey: "the key of profile '\(name.displayText())'"
    case .rotation: "the rotation of profile '\(name.displayText())'"
    case .session: "a session"
    }
  }

  /// Where several claim to be one.
  var clearingHint: String {
    switch kind {
    case .longTermKey:
      "remove them all, and store it again: daypass remove \(name.displayText()); daypass add \(name.displayText())"
    case .rotation: rotationHint
    case .session: "forget it: daypass clear"
    }
  }

  var repairHint: String {
    switch kind {
    case .longTermKey: "store it again: daypass add \(name.displayText()) --force"
    case .rotation: rotationHint
    case .session: "forget it: daypass clear"
    }
  }

  private var rotationHint: String {
    "see which keys the user has: aws iam list-access-keys; then rotate again: daypass rotate \(name.displayText())"
  }
}
