import FoundationEssentials

extension Verifier {
  /// STS and IAM tell a clock that is off by a `SignatureDoesNotMatch` with the times in its text, S3 by an own code.
  func checkSkew(_ time: Date, for service: Service) throws(Refusal) {
    let allowed = Double(account.allowedSkew)
    guard abs(time.timeIntervalSince(now)) > allowed else { return }
    switch service {
    case .s3: throw tooSkewed(time)
    case .sts, .iam: throw Refusal(403, "SignatureDoesNotMatch", time < now ? expired(time) : early(time))
    }
  }

  private func expired(_ time: Date) -> String {
    let limit = Timestamp.basic(now - Double(account.allowedSkew))
    return "Signature expired: \(Timestamp.basic(time)) is now earlier than \(limit) (\(window(sign: "-")))"
  }

  private func early(_ time: Date) -> String {
    let limit = Timestamp.basic(now + Double(account.allowedSkew))
    return "Signature not yet current: \(Timestamp.basic(time)) is still later than \(limit) (\(window(sign: "+")))"
  }

  private func window(sign: String) -> String { "\(Timestamp.basic(now)) \(sign) \(account.allowedSkew / 60) min." }

  private func tooSkewed(_ time: Date) -> Refusal {
    let message = "The difference between the request time and the current time is too large."
    var refusal = Refusal(403, "RequestTimeTooSkewed", message)
    refusal.details = [
      "RequestTime": Timestamp.basic(time), "ServerTime": Timestamp.extended(now),
      "MaxAllowedSkewMilliseconds": String(account.allowedSkew * 1000),
    ]
    return refusal
  }
}
