import AWSServices

/// Makes a change again while IAM is busy with the one before (EntityTemporarilyUnmodifiable), for a quarter of a minute.
struct BusyPatience {
  let pause: (Duration) -> Void

  private static let pauses: [Duration] = [1, 2, 4, 8].map { .seconds($0) }

  func callAsFunction(_ change: () throws(AWSError) -> Void) throws(AWSError) {
    for time in Self.pauses {
      do throws(AWSError) {
        return try change()
      } catch {
        guard error.means(.temporarilyUnmodifiable) else { throw error }
      }
      pause(time)
    }
    try change()
  }
}
