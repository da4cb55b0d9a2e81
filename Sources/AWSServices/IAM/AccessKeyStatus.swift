/// Whether a key works.
package enum AccessKeyStatus: String, Sendable {
  case active = "Active"
  case inactive = "Inactive"
  case expired = "Expired"
}
