package import AWSValues

/// What the command line and the environment ask of a plan.
package struct PlanOptions: Sendable {
  /// `--duration`: how long the credentials that come out are to last.
  package var duration: SessionDuration?
  /// `DAYPASS_SESSION_DURATION`: how long sessions of GetSessionToken last.
  package var sessionTokenDuration: SessionDuration?
  package var sessions: Sessions
  /// `--region`.
  package var region: String?
  /// Names the sessions of roles whose profile has no `role_session_name`; a user's name is looked up for these only.
  package var defaultSessionName: @Sendable () -> RoleSessionName

  package init(
    defaultSessionName: @autoclosure @escaping @Sendable () -> RoleSessionName, duration: SessionDuration? = nil,
    sessionTokenDuration: SessionDuration? = nil, sessions: Sessions = .used, region: String? = nil
  ) {
    self.defaultSessionName = defaultSessionName
    self.duration = duration
    self.sessionTokenDuration = sessionTokenDuration
    self.sessions = sessions
    self.region = region
  }

  /// Whether GetSessionToken is called.
  package enum Sessions: Equatable, Sendable {
    case used
    /// `--no-session`: the key itself goes to the command, or straight into AssumeRole.
    case skipped
  }
}
