import Foundation
import Profiles
import TestSupport
import Testing

/// What other processes of ours that change the same files, or were killed while they did, mean for a change.
struct ConfigLockTests {
  private let folder = ScratchFolder()

  private func add(_ name: String, patience: Duration = .seconds(10)) throws {
    var files = try folder.files()
    files.patience = patience
    try files.editConfig { editor throws(ConfigError) in try editor.addProfile(name, properties: []) }
  }

  @Test func `a process that holds the lock and never ends is waited for, but not for ever`() throws {
    folder.write("# mine\n", to: "config")
    let other = open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(other) }
    try #require(flock(other, LOCK_EX) == 0)
    #expect(throws: ConfigError.busy(file: folder.path("config"))) { try add("p", patience: .milliseconds(30)) }
    #expect(try folder.text(of: "config") == "# mine\n")
    #expect(try folder.names() == ["config"])
    flock(other, LOCK_UN)
    try add("p", patience: .milliseconds(30))
    #expect(try folder.text(of: "config") == "# mine\n\n[profile p]\n")
  }

  @Test func `the user's patience is ten seconds`() throws {
    #expect(try folder.files().patience == .seconds(10))
  }

  @Test func `a file that a killed process left behind is removed by the next change`() throws {
    folder.write("half of it", to: ".config.daypass-1f3a")
    folder.write("half of it", to: ".config.daypass-0")
    try add("p")
    #expect(try folder.names() == ["config"])
  }

  @Test func `nothing is removed that is not a file of ours`() throws {
    let others = [
      ".config.daypass-", ".config.daypass-1G", ".credentials.daypass-1f", "config.daypass-1f", ".config.x",
    ]
    for name in others { folder.write("theirs", to: name) }
    folder.makeFolder(".config.daypass-2a")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(".config.daypass-3b"), withDestinationPath: folder.path(".config.x"))
    try add("p")
    #expect(try folder.names() == (others + [".config.daypass-2a", ".config.daypass-3b", "config"]).sorted())
  }
}
