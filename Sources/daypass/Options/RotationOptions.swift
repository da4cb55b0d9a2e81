import AWSValues
import ArgumentParser
import FoundationEssentials
import Sessions

/// Which keys to rotate, and what becomes of the old ones.
struct RotationOptions: ParsableArguments {
  @Flag(help: "Rotate every key in the keyring.")
  var all = false

  @Option(help: ArgumentHelp("Leave keys alone that AWS made more recently: 90d.", valueName: "time"))
  var olderThan: SessionDuration?

  @Flag(help: "Leave the old key in AWS, inactive.")
  var keepOld = false

  var wish: RotationWish {
    RotationWish(
      olderThan: olderThan.map { TimeInterval($0.seconds) }, disposal: keepOld ? .keep : .delete)
  }

  func validate(with profile: ProfileArgument) throws {
    guard all, profile.profile != nil else { return }
    throw ValidationError("--all and a profile exclude each other")
  }
}
