/// What IAM makes visible some seconds after it was told.
package enum Fact: String, Sendable {
  case user
  case key
  case role
  case trust
  case permission
  case removal
}
