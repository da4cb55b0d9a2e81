/// Why we do not start at all.
package enum HardeningError: Error, Equatable {
  /// The binary is setuid, setgid or has capabilities; it is not written to be.
  case elevated
  /// prctl(2) would not keep other processes of the user from reading our memory.
  case traceable(errno: Int32)
  /// A standard descriptor is closed, and /dev/null cannot take its place.
  case noNullDevice(errno: Int32)
}
