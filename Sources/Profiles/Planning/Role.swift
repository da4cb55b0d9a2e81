internal import AWSValues

/// What a profile says about the role it assumes.
struct Role {
  var arn: RoleARN
  var arnOrigin: Origin
  var sessionName: RoleSessionName?
  var externalID: ExternalID?
  /// `duration_seconds`, whole seconds in digits: other SDKs pass over anything else without a word.
  var duration: DurationWish?

  /// Throws for values that AWS would refuse; the role's ARN is known to be there.
  init(of profile: Profile, arn property: Property) throws(PlanError) {
    arnOrigin = profile.origin(of: property, .roleARN)
    guard let arn = RoleARN(property.value) else { throw .invalidValue(property.value, of: arnOrigin) }
    self.arn = arn
    sessionName = try profile.restricted(.roleSessionName)
    externalID = try profile.restricted(.externalID)
    guard let seconds = profile[.durationSeconds] else { return }
    let origin = profile.origin(of: seconds, .durationSeconds)
    guard seconds.value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(seconds.value) else {
      throw .invalidValue(seconds.value, of: origin)
    }
    duration = DurationWish(duration: SessionDuration(seconds: number), origin: origin)
  }
}

extension Profile {
  /// A setting as a value that AWS restricts; nil where the profile has none.
  func restricted<Value: RestrictedText>(_ setting: Setting) throws(PlanError) -> Value? {
    guard let property = self[setting] else { return nil }
    guard let value = Value(property.value) else {
      throw .invalidValue(property.value, of: origin(of: property, setting))
    }
    return value
  }
}
