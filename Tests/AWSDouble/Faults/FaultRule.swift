/// A fault and the calls it waits for.
package struct FaultRule: Sendable {
  /// AWS's name of the call; nil is any.
  let action: Action?
  let fault: Fault
  var times: Int
}
