import TestSupport

/// A home with a config file and nothing else: no session bus, so no keyring, and no network to speak of.
struct CompletionWorld {
  let home = ScratchFolder()
  /// The first `daypass` in PATH.
  private let program: String

  /// The real daypass, and a config file.
  init(config: String) throws {
    home.makeFolder(".aws")
    home.write(config, to: ".aws/config")
    program = try builtProgram("daypass")
    try setUp(linking: program)
  }

  /// A daypass that notes what it is asked in `asked` and says that these are the profiles.
  init(profiles: [String]) throws {
    home.write(profiles.map { $0 + "\n" }.joined(), to: "profiles")
    program = home.write("#!/bin/sh\necho \"$*\" >>~/asked\ncat ~/profiles\n", to: "asked-daypass", mode: 0o700)
    try setUp(linking: program)
  }

  func launch(_ shell: String, _ arguments: [String]) throws -> Launch {
    guard let path = Installed.path(of: shell) else { throw SetupFailure("no \(shell)") }
    var launch = Launch(
      path, arguments,
      environment: [
        "HOME=\(home.path)", "ZDOTDIR=\(home.path)", "PATH=\(home.path)/bin:/usr/bin:/bin", "TERM=dumb",
        "LC_ALL=C.UTF-8",
        "DAYPASS_COMPLETIONS=\(Project.path("completions"))",
      ])
    launch.folder = home.path
    return launch
  }

  /// Beside daypass, a command to be wrapped whose name nothing else begins with.
  private func setUp(linking program: String) throws {
    home.makeFolder("bin")
    home.write("#!/bin/sh\nexec \(program) \"$@\"\n", to: "bin/daypass", mode: 0o700)
    home.write("#!/bin/sh\n", to: "bin/wrapped-tool", mode: 0o700)
  }
}
