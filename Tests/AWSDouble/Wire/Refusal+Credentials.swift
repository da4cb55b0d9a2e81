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
