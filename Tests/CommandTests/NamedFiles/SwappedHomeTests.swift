import Foundation
import TestSupport
import Testing

/// `add` while somebody has `~/.aws` and a link change places (X11).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct SwappedHomeTests {
  private static let key = "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n"

  @Test func `each of two configs keeps its own, and every profile that was added is in one of them`() throws {
    let scene = try Scene(config: "[profile here]\n")
    scene.scratch.makeFolder("home/elsewhere")
    scene.scratch.write("[profile there]\n", to: "home/elsewhere/config")
    try FileManager.default.createSymbolicLink(
      atPath: scene.scratch.path("home/link"), withDestinationPath: "elsewhere")

    let swapper = Swapper(scene.scratch.path("home/.aws"), scene.scratch.path("home/link"))
    let added = try (0..<Soak.rounds(20, soak: 500)).map { "p\($0)" }.filter { name in
      try scene.run("daypass add \(name) --stdin --no-verify --force", input: Self.key).status == .exited(0)
    }
    let swaps = swapper.end()

    #expect(!added.isEmpty && swaps > 0)
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: scene.scratch.path("home/.aws"))) != nil
    let folder = isLink ? "home/link" : "home/.aws"
    let here = try scene.scratch.text(of: folder + "/config")
    let there = try scene.scratch.text(of: "home/elsewhere/config")
    #expect(here.hasPrefix("[profile here]\n") && there.hasPrefix("[profile there]\n"))
    let lines = (here + there).split(separator: "\n").map(String.init)
    #expect(lines.sorted() == (["here", "there"] + added).map { "[profile \($0)]" }.sorted())
    #expect(try scene.scratch.names(in: folder) == ["config"])
    #expect(try scene.scratch.names(in: "home/elsewhere") == ["config"])
  }
}
