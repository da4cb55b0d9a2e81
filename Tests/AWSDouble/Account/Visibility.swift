import FoundationEssentials

/// From when on the rest of AWS sees what IAM was told: after a time, and after a number of calls.
package struct Visibility: Sendable {
  let time: Date
  let call: Int
}
