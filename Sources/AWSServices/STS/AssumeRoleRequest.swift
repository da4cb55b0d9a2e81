package import AWSValues

/// What to ask AssumeRole for.
package struct AssumeRoleRequest: Equatable, Sendable {
  package var role: RoleARN
  package var sessionName: RoleSessionName
  package var duration: SessionDuration
  package var externalID: ExternalID?

  package init(role: RoleARN, sessionName: RoleSessionName, duration: SessionDuration, externalID: ExternalID? = nil) {
    self.role = role
    self.sessionName = sessionName
    self.duration = duration
    self.externalID = externalID
  }
}
