/// Counts the operations of a run and has one of them, or all from there on, go wrong.
final class Mishap {
  enum Extent: CaseIterable { case once, fromThereOn }

  private let number: Int
  private let kind: Interruption
  private let extent: Extent
  private(set) var count = 0

  init(at number: Int, _ kind: Interruption, _ extent: Extent) {
    self.number = number
    self.kind = kind
    self.extent = extent
  }

  static var none: Mishap { Mishap(at: .max, .failing, .once) }

  /// What happens to the next operation.
  func next() -> Interruption? {
    count += 1
    if count == number { return kind }
    guard count > number else { return nil }
    if kind.endsTheProcess { return .killedBefore }
    return extent == .fromThereOn ? kind : nil
  }
}
