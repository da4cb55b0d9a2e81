/// Kinds of keys that user programs may fill as they like (keyrings(7)).
package enum KernelKeyType: String, CaseIterable, Sendable {
  /// Costs little of the user's quota; may be swapped out, encrypted. Not in every kernel.
  case big = "big_key"
  /// Counts in full against the quota, 20 000 bytes as a rule.
  case user
}
