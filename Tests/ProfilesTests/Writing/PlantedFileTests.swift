import Foundation
import TestSupport
import Testing

@testable import Profiles

/// What others put in the place of the config while it is changed (X11).
struct PlantedFileTests {
  private static let text = "[profile a]\nregion = eu-west-1\n"
  private let folder = ScratchFolder()
  private let victim: String

  init() {
    folder.makeFolder("aws")
    victim = folder.write("victim\n", to: "victim")
  }

  @Test func `another name of the same file keeps what it held`() throws {
    folder.write(Self.text, to: "other")
    try FileManager.default.linkItem(atPath: folder.path("other"), toPath: folder.path("aws/config"))
    try edit()
    #expect(try folder.text(of: "other") == Self.text)
    #expect(try folder.text(of: "aws/config") != Self.text)
  }

  @Test func `a pipe or a folder is no config to change`() throws {
    #expect(mkfifo(folder.path("aws/config"), 0o600) == 0)
    #expect(throws: ConfigError.self) { try edit() }
    unlink(folder.path("aws/config"))
    folder.makeFolder("aws/config")
    #expect(throws: ConfigError.self) { try edit() }
  }

  @Test func `a renamer in a race with us gets nothing written elsewhere, and cannot hold us up`() throws {
    let renamer = Renamer(in: folder.path("aws"), linking: victim)
    let rounds = Soak.rounds(2_000, soak: 100_000)
    var edits = 0
    for _ in 0..<rounds {
      // What cannot be done is refused; a symbolic link is the user's own, and what it leads to is replaced.
      if (try? edit()) != nil { edits += 1 }
    }
    let planted = renamer.end()
    #expect(try folder.text(of: "victim") == "victim\n")
    let left = try folder.names(in: "aws").filter { $0.hasPrefix(".config.daypass-") }
    #expect(left == [])
    #expect(planted > 0)
    publish(figure: "config edits in a race with a renamer", "\(rounds) (\(planted) swaps, 0 writes outside)")
  }

  private func edit() throws(ConfigError) {
    let files = try ConfigFiles(environment: ["AWS_CONFIG_FILE": folder.path("aws/config"), "HOME": folder.path])
    try files.editConfig { editor throws(ConfigError) in
      try editor.setProperty(.region, to: "eu-\(UInt32.random(in: 0...999))", in: "a")
    }
  }
}
