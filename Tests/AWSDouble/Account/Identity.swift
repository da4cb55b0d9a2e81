/// Who signs: an IAM user, also through GetSessionToken, or a session of a role.
enum Identity: Equatable, Sendable {
  case user(name: String)
  case role(arn: String, sessionName: String)
}
