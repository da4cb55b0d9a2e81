/// Whether a call may be sent again after it failed.
enum Repetition: Sendable {
  case allowed
  /// AWS takes a code once: the first request may have spent it.
  case carriesMFACode
  /// A first request that seems lost may have made what a second would make again, or find in its way.
  case createsSomething
}
