import AWSServices
import Profiles
import Sessions

extension MFARefusal {
  /// Why a code is asked for again.
  var words: String {
    switch self {
    case .notSixDigits: "an MFA code is six digits"
    case .refused: "AWS refused that code: it is wrong, or was used before; wait for the next one"
    case .alreadyUsed: "that code was just sent, and a code works once: wait for the next one"
    case .clockWasOff: "this machine's clock is off, which is now allowed for: enter the next code"
    }
  }
}

extension Explained {
  /// That AWS's clock, `offset` seconds ahead of ours, is gone by.
  static func clockWarning(offset: Int) -> String {
    "this machine's clock is off\(ServiceError.distance(offset)); calls go by AWS's time (sudo timedatectl set-ntp true)"
  }
}

extension SessionWarning {
  var words: String {
    switch self {
    case .notCached(let error):
      "the session is not kept for the next command: \(Explained.error(error).problem)"
    }
  }
}

extension CredentialPlan.AssumeRole {
  /// That the session is shorter than wished for; nil where it is not.
  var capWarning: String? {
    guard let wish = cappedFrom else { return nil }
    return
      "role \(role.name): \(wish.seconds) s become \(duration.seconds) s, AWS's limit for a role assumed from a session"
  }
}
