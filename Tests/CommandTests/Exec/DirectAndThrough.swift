import TestSupport

/// A command to be run twice: as it is, and as `daypass exec alice -- COMMAND`.
struct DirectAndThrough {
  let direct: Launch
  let through: Launch

  /// `preparation` is a shell command that sets up what the command inherits; what Launch can set, `change` does.
  init(
    _ command: [String], after preparation: String = ":", options: [String] = ["--no-session"], in scene: Scene,
    _ change: (inout Launch) -> Void = { _ in }
  ) {
    func launch(_ words: [String]) -> Launch {
      var launch = scene.launch("")
      launch.arguments = ["-c", preparation + "; exec \"$@\"", "sh"] + words
      change(&launch)
      return launch
    }
    direct = launch(command)
    through = launch([scene.scratch.path("bin/daypass"), "exec", "alice"] + options + ["--"] + command)
  }

  func outcomes() throws -> (direct: Launch.Outcome, through: Launch.Outcome) {
    var through = try through.run()
    // A machine that is busy enough has the keyring miss its deadline, which is not what is compared here.
    for _ in 0..<5 where through.errorText.contains("the keyring did not answer within") {
      through = try self.through.run()
    }
    return (try direct.run(), through)
  }
}
