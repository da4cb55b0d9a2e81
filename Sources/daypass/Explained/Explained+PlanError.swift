import AWSValues
import Console
import Profiles

extension PlanError: Explainable {
  var explanation: Explanation {
    switch self {
    case .unknownProfile(let name, let nearest): PlanWords.unknownProfile(name, nearest)
    case .unknownReference(let name, let origin, let nearest): PlanWords.unknownReference(name, origin, nearest)
    case .loop(let names, let origin): PlanWords.loop(names, origin)
    case .roleWithoutSource(let origin): PlanWords.roleWithoutSource(origin)
    case .conflict(let origin, let other): PlanWords.conflict(origin, other)
    case .partialKey(let missing, let present): PlanWords.partialKey(missing, present)
    case .unsupported(let origin): PlanWords.unsupported(origin)
    case .invalidValue(let value, let origin): PlanWords.invalidValue(value, origin)
    case .durationOutOfRange(let duration, let allowed, let origin):
      PlanWords.durationOutOfRange(duration, allowed, origin)
    case .otherPartition(let role, let region, let partition, let origin):
      PlanWords.otherPartition(role, region, partition, origin)
    case .unknownServices(let name, let origin): PlanWords.unknownServices(name, origin)
    }
  }
}
