/// A tag of a user, role or MFA device.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
package struct Tag: Equatable, Sendable {
  package let key: String
  package let value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}
