import AWSValues
import FoundationEssentials
import Sessions

/// What `rotate` prints.
struct RotationReport: Report {
  var keys: [Entry]
  /// Profiles whose key could not be rotated; why was said on stderr.
  var failures: [String] = []

  init(_ keys: [Entry]) { self.keys = keys }

  struct Entry: Encodable {
    let profile: String
    /// The key that is in the keyring now.
    let key: String
    /// The key that it was before; absent where it is the same.
    let oldKey: String?
    /// Of the old key, or of the one that was left as it was.
    let state: State

    enum State: String, Encodable { case deleted, inactive, young }
  }

  var text: String {
    keys.map { "\($0.words)\n" }.joined()
  }
}

extension RotationReport.Entry {
  init(profile: String, _ outcome: RotationOutcome) {
    switch outcome {
    case .rotated(let old, let new, .delete):
      self.init(profile: profile, key: new.text, oldKey: old.text, state: .deleted)
    case .rotated(let old, let new, .keep):
      self.init(profile: profile, key: new.text, oldKey: old.text, state: .inactive)
    case .young(let key, _):
      self.init(profile: profile, key: key.text, oldKey: nil, state: .young)
    }
  }

  fileprivate var words: String {
    switch state {
    case .deleted: "\(profile)  \(oldKey ?? "") → \(key), the old key is deleted"
    case .inactive: "\(profile)  \(oldKey ?? "") → \(key), the old key is inactive"
    case .young: "\(profile)  \(key), not old enough"
    }
  }
}
