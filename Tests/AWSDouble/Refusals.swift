/// An AWS error: what goes into the error document.
package struct Refusal: Error, Equatable, Sendable {
  package var status: Int
  package var code: String
  package var message: String
  /// Further elements of S3's error documents.
  var details: [String: String] = [:]

  init(_ status: Int, _ code: String, _ message: String) {
    (self.status, self.code, self.message) = (status, code, message)
  }

  /// `Sender` or `Receiver`: whose fault AWS says it is.
  var type: String { status < 500 ? "Sender" : "Receiver" }
}

// MARK: - Credentials

extension Refusal {
  static func unknownKey(_ id: String, for service: Service) -> Refusal {
    switch service {
    case .sts, .iam: return invalidClientToken
    case .s3:
      let message = "The AWS Access Key Id you provided does not exist in our records."
      var refusal = Refusal(403, "InvalidAccessKeyId", message)
      refusal.details = ["AWSAccessKeyId": id]
      return refusal
    }
  }

  static func badToken(for service: Service) -> Refusal {
    switch service {
    case .sts, .iam: invalidClientToken
    case .s3: Refusal(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
    }
  }

  static func expiredToken(for service: Service) -> Refusal {
    switch service {
    case .sts, .iam: Refusal(403, "ExpiredToken", "The security token included in the request is expired")
    case .s3: Refusal(400, "ExpiredToken", "The provided token has expired.")
    }
  }

  static var invalidClientToken: Refusal {
    Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
  }
}

// MARK: - IAM

extension Refusal {
  static func noSuchUser(_ name: String) -> Refusal { .noSuchEntity("The user with name \(name) cannot be found.") }

  static func noSuchRole(_ name: String) -> Refusal { .noSuchEntity("The role with name \(name) cannot be found.") }

  static func noSuchKey(_ id: String) -> Refusal { .noSuchEntity("The Access Key with id \(id) cannot be found.") }

  static func noSuchPolicy(_ name: String, of owner: String) -> Refusal {
    .noSuchEntity("The \(owner) policy with name \(name) cannot be found.")
  }

  static func noSuchDevice(_ serial: String) -> Refusal {
    .noSuchEntity("VirtualMFADevice with serial number \(serial) doesn't exist.")
  }

  static func alreadyExists(_ what: String) -> Refusal {
    Refusal(409, "EntityAlreadyExists", what + " already exists.")
  }

  static func deleteConflict(_ message: String) -> Refusal { Refusal(409, "DeleteConflict", message) }

  static func limitExceeded(_ quota: String, _ limit: Int) -> Refusal {
    Refusal(409, "LimitExceeded", "Cannot exceed quota for \(quota): \(limit)")
  }

  static func malformedPolicy(_ message: String) -> Refusal { Refusal(400, "MalformedPolicyDocument", message) }

  static var invalidCodes: Refusal {
    Refusal(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
  }

  static var busy: Refusal {
    Refusal(
      409, "EntityTemporarilyUnmodifiable",
      "Entity is temporarily unmodifiable and cannot complete the request. Try again later.")
  }
}

// MARK: - MFA

extension Refusal {
  private static let failed = "MultiFactorAuthentication failed"

  /// A code that is wrong, too old, too new or spent: AWS does not say which.
  static var invalidCode: Refusal { .accessDenied(failed + " with invalid MFA one time pass code.") }

  static var foreignSerial: Refusal {
    let advice = "Please verify your MFA serial number is valid and associated with this user."
    return .accessDenied(failed + ", unable to validate MFA code.  " + advice)
  }

  static var halfOfMFA: Refusal {
    .validation(failed + ", must provide both MFA serial number and one time pass code.")
  }
}

// MARK: - Overload

extension Refusal {
  static func throttled(by service: Service) -> Refusal {
    switch service {
    case .sts, .iam: Refusal(400, "Throttling", "Rate exceeded")
    case .s3: Refusal(503, "SlowDown", "Please reduce your request rate.")
    }
  }

  static func internalError(of service: Service) -> Refusal {
    switch service {
    case .sts, .iam: Refusal(500, "InternalFailure", "The request processing has failed because of an unknown error.")
    case .s3: Refusal(500, "InternalError", "We encountered an internal error. Please try again.")
    }
  }

  static func unavailable(_ service: Service) -> Refusal {
    switch service {
    case .sts, .iam:
      Refusal(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
    case .s3: Refusal(503, "SlowDown", "Please reduce your request rate.")
    }
  }
}

// MARK: - Request

extension Refusal {
  static func accessDenied(_ message: String) -> Refusal { Refusal(403, "AccessDenied", message) }

  static func validation(_ message: String) -> Refusal { Refusal(400, "ValidationError", message) }

  /// AWS's words for a parameter outside its model's limits.
  static func constraint(_ value: String, at member: String, _ rule: String) -> Refusal {
    let member = member.prefix(1).lowercased() + member.dropFirst()
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

// MARK: - Signature

extension Refusal {
  static var missingAuthentication: Refusal {
    Refusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
  }

  static func badAuthorization(_ why: String, for service: Service) -> Refusal {
    switch service {
    case .sts, .iam: Refusal(400, "IncompleteSignature", why)
    case .s3: Refusal(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; " + why)
    }
  }

  static func badScope(_ why: String, for service: Service) -> Refusal {
    switch service {
    case .sts, .iam: Refusal(403, "SignatureDoesNotMatch", why)
    case .s3: badAuthorization(why, for: service)
    }
  }

  static func unsignedHeaders(_ names: [String], for service: Service) -> Refusal {
    let list = names.joined(separator: ", ")
    switch service {
    case .sts, .iam:
      return Refusal(403, "SignatureDoesNotMatch", "'\(list)' must be a 'SignedHeader' in the AWS Authorization.")
    case .s3:
      var refusal = accessDenied("There were headers present in the request which were not signed")
      refusal.details = ["HeadersNotSigned": list]
      return refusal
    }
  }

  static func wrongSignature(for service: Service) -> Refusal {
    let start = "The request signature we calculated does not match the signature you provided. Check your "
    switch service {
    case .sts, .iam:
      let advice = "AWS Secret Access Key and signing method. Consult the service documentation for details."
      return Refusal(403, "SignatureDoesNotMatch", start + advice)
    case .s3: return Refusal(403, "SignatureDoesNotMatch", start + "key and signing method.")
    }
  }
}
