/// What a test waited for did not come; `seen` is what came instead.
package struct TestTimeout: Error, CustomStringConvertible {
  package let waitingFor: String
  package let seen: String

  package var description: String { "waited in vain for \(waitingFor); seen: \(seen.debugDescription)" }
}
