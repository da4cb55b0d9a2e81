import AWSServices

extension IAMRefusal {
  var words: String {
    switch self {
    case .noSuchEntity: "AWS has nothing of that name"
    case .entityAlreadyExists: "AWS has one of that name already"
    case .deleteConflict: "AWS does not delete what still has something in it"
    case .limitExceeded: "AWS allows no more of them"
    case .temporarilyUnmodifiable: "AWS is still busy with the change before"
    case .malformedPolicy: "AWS does not take the policy"
    }
  }

  var hint: String {
    switch self {
    case .noSuchEntity: "check the name; what was made just now can take a minute to be seen"
    case .entityAlreadyExists: "choose another name, or remove the one that is there"
    case .deleteConflict: "remove its keys, MFA devices and policies first"
    case .limitExceeded: "remove one that is no longer used: a user has two access keys at most"
    case .temporarilyUnmodifiable: "try again in a minute"
    case .malformedPolicy: "a user made just now can take a minute to be seen: try again"
    }
  }

  var status: ExitStatus {
    switch self {
    case .temporarilyUnmodifiable: .tryAgain
    case .noSuchEntity, .entityAlreadyExists, .deleteConflict, .limitExceeded, .malformedPolicy: .refused
    }
  }
}
