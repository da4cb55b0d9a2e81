/// Whether a call may be sent again after it failed.
enum Repetition: Sendable {
  case allowed
  /// AWS takes a code once: the first request may have spent it.
  case carriesMFACode
}
