/// What becomes of the old key, once it is inactive.
package enum OldKeyDisposal: String, Sendable {
  case delete, keep
}
