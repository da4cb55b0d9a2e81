package import FoundationEssentials

/// What the user wants of a rotation.
package struct RotationWish: Equatable, Sendable {
  /// In seconds, by AWS's date of creation: a younger key is left alone.
  package var olderThan: TimeInterval?
  package var disposal: OldKeyDisposal

  package init(olderThan: TimeInterval? = nil, disposal: OldKeyDisposal = .delete) {
    self.olderThan = olderThan
    self.disposal = disposal
  }
}
