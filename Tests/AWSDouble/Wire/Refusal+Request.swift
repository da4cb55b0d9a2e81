extension Refusal {
  static func accessDenied(_ message: String) -> Refusal { Refusal(403, "AccessDenied", message) }

  static func validation(_ message: String) -> Refusal { Refusal(400, "ValidationError", message) }

  /// AWS's words for a parameter outside its model's limits.
  static func constraint(_ value: String, at member: String, _ rule: String) -> Refusal {
    let place = "Value '\(value)' at '\(member)' failed to satisfy constraint: Member must "
    return validation("1 validation error detected: " + place + rule)
  }

  static func invalidAction(_ action: String, version: String) -> Refusal {
    Refusal(400, "InvalidAction", "Could not find operation \(action) for version \(version)")
  }

  static func unknownOperation(_ why: String) -> Refusal {
    Refusal(404, "UnknownOperationException", "not a request of the Query API: " + why)
  }

  static func malformedQueryString(_ why: String) -> Refusal { Refusal(400, "MalformedQueryString", why) }

  static func methodNotAllowed(_ what: String) -> Refusal {
    Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource: \(what)")
  }

  static func invalidArgument(_ message: String) -> Refusal { Refusal(400, "InvalidArgument", message) }

  static func noSuchEntity(_ message: String) -> Refusal { Refusal(404, "NoSuchEntity", message) }

  static func regionDisabled(_ region: String, account: String) -> Refusal {
    let advice = "Your account administrator can activate STS in this region using the IAM Console."
    return Refusal(
      403, "RegionDisabledException", "STS is not activated in \(region) for account:\(account). \(advice)")
  }
}
