import Sessions

extension RotationError: Explainable {
  var explanation: Explanation {
    switch self {
    case .twoKeys(let keys): RotationWords.twoKeys(keys)
    case .notListed(let id): RotationWords.notListed(id)
    case .busy(let process): RotationWords.busy(process)
    case .notLocked(let error): RotationWords.notLocked(error)
    case .unanswered(let deleted): RotationWords.unanswered(deleted)
    case .stray(let id): RotationWords.stray(id)
    case .unclear(let id, let created): RotationWords.unclear(id, created)
    case .neverWorked(let id, let seconds): RotationWords.neverWorked(id, seconds)
    case .otherIdentity(let expected, let actual): RotationWords.otherIdentity(expected, actual)
    case .noLongerWorks(let id, let old): RotationWords.noLongerWorks(id, old)
    }
  }
}
