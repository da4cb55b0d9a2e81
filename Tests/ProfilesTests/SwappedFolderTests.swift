import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Profiles

/// `~/.aws` and a link elsewhere change places while the config is changed.
struct SwappedFolderTests {
  private let home = ScratchFolder()

  /// `.aws` holds a config of its own, and so does `elsewhere`, which a link leads to.
  init() throws {
    home.makeFolder(".aws")
    home.makeFolder("elsewhere")
    home.write("[profile here]\n", to: ".aws/config")
    home.write("[profile there]\n", to: "elsewhere/config")
    home.write("theirs\n", to: "elsewhere/other")
    try FileManager.default.createSymbolicLink(atPath: home.path("link"), withDestinationPath: "elsewhere")
  }

  private func add(_ name: String) throws(ConfigError) {
    try ConfigFiles(environment: ["HOME": home.path]).editConfig { editor throws(ConfigError) in
      try editor.addProfile(name, properties: [])
    }
  }

  /// Adds profiles in a race with somebody who swaps; which were added.
  private func addInRace() -> (names: [String], swaps: Int) {
    let swapper = Swapper(home.path(".aws"), home.path("link"))
    let names = (0..<Soak.rounds(200, soak: 4_000)).map { "p\($0)" }.filter { (try? add($0)) != nil }
    return (names, swapper.end())
  }

  /// The lines of both configs, whichever of them is under which name now.
  private func lines() throws -> (here: [String], there: [String]) {
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: home.path(".aws"))) != nil
    let here = try home.text(of: isLink ? "link/config" : ".aws/config")
    let lines = [here, try home.text(of: "elsewhere/config")].map { $0.split(separator: "\n").map(String.init) }
    return (lines[0], lines[1])
  }

  @Test func `each of two folders keeps its own, and no change is lost`() throws {
    let (added, swaps) = addInRace()
    #expect(!added.isEmpty && swaps > 0)
    let (here, there) = try lines()
    #expect(here.first == "[profile here]" && there.first == "[profile there]")
    #expect(!here.contains("[profile there]") && !there.contains("[profile here]"))
    let kept = here.dropFirst() + there.dropFirst()
    #expect(kept.sorted() == added.map { "[profile \($0)]" }.sorted())
    #expect(try home.names(in: "elsewhere") == ["config", "other"])
    #expect(try home.text(of: "elsewhere/other") == "theirs\n")
    #expect(try home.names() == [".aws", "elsewhere", "link"])
    publish(figure: "config edits while ~/.aws changes places with a link", "\(added.count) (\(swaps) swaps, 0 lost)")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a file another user's"), arguments: ["elsewhere", "link"])
  func `a folder of another user, and one that another user's link leads to, are never written to`(
    foreign: String
  ) throws {
    try #require(lchown(home.path(foreign), 65_534, 65_534) == 0)
    let (added, swaps) = addInRace()
    #expect(swaps > 0)
    let (here, there) = try lines()
    #expect(there == ["[profile there]"])
    #expect(here == ["[profile here]"] + added.map { "[profile \($0)]" })
    #expect(try home.names(in: "elsewhere") == ["config", "other"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a file another user's"))
  func `another user's link in the place of the config is not followed`() throws {
    try FileManager.default.removeItem(atPath: home.path(".aws/config"))
    try FileManager.default.createSymbolicLink(
      atPath: home.path(".aws/config"), withDestinationPath: "../elsewhere/config")
    try add("mine")
    try #require(lchown(home.path(".aws/config"), 65_534, 65_534) == 0)
    #expect(throws: ConfigError.unwritable(file: home.path(".aws/config"), .foreign)) { try add("theirs") }
    #expect(try home.text(of: "elsewhere/config") == "[profile there]\n\n[profile mine]\n")
  }
}

// MARK: - Planted file tests

/// What others put in the place of the config while it is changed.
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
    try edit()
    let renamer = Renamer(in: folder.path("aws"), linking: victim)
    let rounds = Soak.rounds(2_000, soak: 100_000)
    var (made, overtaken) = (0, 0)
    for _ in 0..<rounds {
      // What cannot be done is refused; a symbolic link is the user's own, and what it leads to is replaced.
      do {
        try edit()
        made += 1
      } catch ConfigError.unwritable(_, .modifiedConcurrently) {
        overtaken += 1
      } catch {}
    }
    let planted = renamer.end()
    #expect(try folder.text(of: "victim") == "victim\n")
    let left = try folder.names(in: "aws").filter { $0.hasPrefix(".config.daypass-") }
    #expect(left == [])
    // On a busy machine the renamer is nearly always the first.
    #expect(planted > 0)
    publish(
      figure: "config edits in a race with a renamer",
      "\(rounds) (\(made) made, \(overtaken) overtaken, \(planted) swaps, 0 writes outside)")
  }

  private func edit() throws(ConfigError) {
    let files = try ConfigFiles(environment: ["AWS_CONFIG_FILE": folder.path("aws/config"), "HOME": folder.path])
    try files.editConfig { editor throws(ConfigError) in
      try editor.setProperty(.region, to: "eu-\(UInt32.random(in: 0...999))", in: "a")
    }
  }
}

// MARK: - Renamer

/// Somebody who puts one thing after the other in the place of `config`: a file, a pipe, another name of a file.
final class Renamer: @unchecked Sendable {
  private let folder: String
  private let victim: String
  private let isOver = Atomic(false)
  private let done = DispatchSemaphore(value: 0)
  private var count = 0

  init(in folder: String, linking victim: String) {
    (self.folder, self.victim) = (folder, victim)
    Thread.detachNewThread { [self] in
      while !isOver.load(ordering: .relaxed) { plant() }
      done.signal()
    }
  }

  /// How often something was planted.
  func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    done.wait()
    return count
  }

  private func plant() {
    let new = folder + "/planted"
    switch count % 3 {
    case 0: _ = FileManager.default.createFile(atPath: new, contents: Data("[profile a]\n".utf8))
    case 1: mkfifo(new, 0o600)
    default: link(victim, new)
    }
    rename(new, folder + "/config")
    count += 1
  }
}
