import Console
import Sessions

extension RotationEvent {
  /// Tells the user, as far as it is news.
  func tell(_ diagnostics: Diagnostics) {
    switch self {
    case .resumed: diagnostics.note("a rotation was interrupted, and is taken up")
    case .discarded(let id): diagnostics.note("key \(id.text) of the interrupted rotation is deleted")
    case .created(let id): diagnostics.debug("rotation: AWS made key \(id.text)")
    case .waiting(let id): diagnostics.waiting(for: "AWS, which does not know key \(id.text) everywhere yet")
    case .promoted(let id): diagnostics.note("the new key \(id.text) works, and is in the keyring")
    case .deactivated(let id): diagnostics.debug("rotation: key \(id.text) is inactive")
    case .unfinished:
      diagnostics.note("the new key is in use, and the old one still to be retired: run the same command again")
    case .journalStays: diagnostics.debug("rotation: its journal stays in the keyring")
    case .abandoned(let id):
      diagnostics.warn("key \(id.text) of an interrupted rotation is left in AWS: the profile has another key now")
    }
  }
}
