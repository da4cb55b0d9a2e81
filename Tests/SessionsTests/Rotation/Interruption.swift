/// What goes wrong with an operation of a rotation: a call of AWS or of the keyring.
enum Interruption: String, CaseIterable, Sendable {
  /// The process ends before the operation, or right after it.
  case killedBefore, killedAfter
  /// It fails and has no effect: no answer, a locked keyring.
  case failing
  /// It fails although it had its effect: an answer that is lost, a keyring that ends.
  case failingAfterwards
  /// AWS answers 500.
  case serverError
  /// AWS asks to slow down.
  case throttled
  /// AWS answers for another account.
  case otherAccount

  var endsTheProcess: Bool { self == .killedBefore || self == .killedAfter }
}
