/// The steps of a rotation, in their order. Each can be taken again after it was interrupted.
enum RotationStep: Equatable, Sendable {
  /// Sees whether the interrupted rotation made a key nobody has, and deletes it.
  case reconcile(RotationJournal.About)
  /// Has AWS make the new key, and stores it in the journal.
  case create(RotationJournal.About)
  /// Sees that the new key works, and is the same user's.
  case prove(RotationJournal.About)
  /// Puts the new key in the place of the old one.
  case promote(RotationJournal.About)
  /// Deactivates the old key.
  case deactivate(RotationJournal.About)
  /// Sees that the new key works without the old one.
  case verify(RotationJournal.About)
  /// Deletes the old key.
  case delete(RotationJournal.About)
  /// Closes the journal.
  case finish(RotationJournal.About)
  case done(RotationOutcome)
  /// What was begun is undone; the old key is as it was.
  case undone

  /// Where to go on with a journal whose new key is `new`, while `current` is in the keyring; nil to leave it alone.
  static func resuming(_ about: RotationJournal.About, new: String?, current: String?) -> RotationStep? {
    let old = about.old.text
    guard let new else { return current == old ? .reconcile(about) : nil }
    return switch current {
    case new: .deactivate(about)
    case old, nil: .prove(about)
    default: nil
    }
  }
}
