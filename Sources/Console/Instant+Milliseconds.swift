extension ContinuousClock.Instant {
  /// Milliseconds until then, as poll(2) takes them; 0 once it has passed.
  var millisecondsAway: Int32 {
    let (seconds, attoseconds) = ContinuousClock.now.duration(to: self).components
    return Int32(clamping: max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
  }
}
