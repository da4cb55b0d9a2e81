internal import Foundation

/// Asks again and again until `condition` holds; false when it does not within `seconds`. For states of other processes
/// that cannot be waited for in any other way.
package func eventually(within seconds: Double = 30, _ condition: () -> Bool) -> Bool {
  let end = Date(timeIntervalSinceNow: seconds)
  while !condition() {
    guard Date() < end else { return false }
    poll(nil, 0, 2)
  }
  return true
}
