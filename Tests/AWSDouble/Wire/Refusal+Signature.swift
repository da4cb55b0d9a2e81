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
