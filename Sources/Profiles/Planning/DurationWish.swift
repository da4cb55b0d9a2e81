internal import AWSValues

/// How long somebody wants a session to last.
struct DurationWish {
  var duration: SessionDuration
  var origin: Origin

  /// The first that is given of an option and a setting, checked against what AWS allows; nil where none is.
  static func first(
    of wishes: DurationWish?..., within allowed: ClosedRange<SessionDuration>
  ) throws(PlanError) -> SessionDuration? {
    guard let wish = wishes.compactMap({ $0 }).first else { return nil }
    guard allowed.contains(wish.duration) else {
      throw .durationOutOfRange(wish.duration, allowed: allowed, of: wish.origin)
    }
    return wish.duration
  }
}

extension PlanOptions {
  var durationWish: DurationWish? { duration.map { DurationWish(duration: $0, origin: .option("--duration")) } }

  var sessionTokenWish: DurationWish? {
    sessionTokenDuration.map { DurationWish(duration: $0, origin: .variable("DAYPASS_SESSION_DURATION")) }
  }
}

extension SessionDuration {
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
  static let ofSessionToken = SessionDuration(seconds: 900)...SessionDuration(seconds: 129_600)
  static let usualOfSessionToken = SessionDuration(seconds: 43200)
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  static let ofRole = SessionDuration(seconds: 900)...SessionDuration(seconds: 43200)
  static let usualOfRole = SessionDuration(seconds: 3600)
}
