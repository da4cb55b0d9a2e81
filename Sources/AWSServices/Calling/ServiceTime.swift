internal import FoundationEssentials

/// The time by AWS's clock, as far as it is known.
struct ServiceTime {
  let now: Date
  /// How far AWS's clock is ahead of ours, in seconds.
  let offset: TimeInterval
}
