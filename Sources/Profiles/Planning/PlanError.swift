package import AWSValues

/// Why there is no plan for a profile.
package enum PlanError: Error, Equatable {
  /// Neither file has the profile that was asked for.
  case unknownProfile(String, nearest: [String])
  /// Neither file has the profile that another one refers to.
  case unknownReference(String, from: Origin, nearest: [String])
  /// Profiles refer to each other in a circle; the first name comes back as the last.
  case loop([String], from: Origin)
  /// A `role_arn` without anything that says with whose credentials to assume it.
  case roleWithoutSource(Origin)
  /// Two settings that exclude each other.
  case conflict(Origin, with: Setting)
  /// Half a key: `present` has no `missing` beside it.
  case partialKey(missing: Setting, present: Origin)
  /// A source of credentials that daypass does not serve yet.
  case unsupported(Origin)
  /// A value that AWS does not allow, or that cannot be understood.
  case invalidValue(String, of: Origin)
  case durationOutOfRange(SessionDuration, allowed: ClosedRange<SessionDuration>, of: Origin)
  /// The role is of another partition than the region.
  case otherPartition(RoleARN, region: String, regionPartition: String, of: Origin)
  /// `services = name` without a section `[services name]`.
  case unknownServices(String, from: Origin)
}
