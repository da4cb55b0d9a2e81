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
    (try direct.run(), try through.run())
  }
}
