import AWSValues
import FoundationEssentials

@testable import AWSServices
@testable import Sessions
@testable import daypass

extension ExplainedCase {
  static var rotations: [ExplainedCase] {
    guard let id = AccessKeyID("AKIAMADEUP0000000001") else { return [] }
    let key = AccessKeyDescription(id: id, status: .inactive, creationDate: Date(timeIntervalSince1970: 0))
    let use = AccessKeyUse(date: Date(timeIntervalSince1970: 0), service: hostile, region: hostile)
    return [
      .init(
        RotationError.twoKeys([
          .init(key: key, lastUse: .at(use), place: .keyring), .init(key: key, lastUse: .never, place: .elsewhere),
        ]), .refused),
      .init(RotationError.twoKeys([.init(key: key, lastUse: .notTold, place: .keyring)]), .refused),
      .init(RotationError.notListed(id), .refused),
      .init(RotationError.busy(process: 7), .tryAgain),
      .init(RotationError.busy(process: nil), .tryAgain),
      .init(RotationError.notLocked(.foreign(path: hostile)), .failure),
      .init(RotationError.unanswered(deleted: id), .tryAgain),
      .init(RotationError.unanswered(deleted: nil), .tryAgain),
      .init(RotationError.stray(id), .failure),
      .init(RotationError.unclear(id, created: nil), .refused),
      .init(RotationError.neverWorked(id, seconds: 60), .tryAgain),
      .init(RotationError.otherIdentity(expected: hostile, actual: hostile), .failure),
      .init(RotationError.noLongerWorks(id, old: id), .tryAgain),
      .init(CommandError.notRotated([hostile]), .failure, .absent),
    ]
  }
}
