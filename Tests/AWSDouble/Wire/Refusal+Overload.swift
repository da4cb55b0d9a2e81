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
