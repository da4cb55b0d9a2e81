/// Why no frame came or went.
enum ChannelError: Error, Equatable {
  /// The other end is gone.
  case closed
  /// The deadline has passed.
  case late
  /// What came is not a frame.
  case malformed
}
