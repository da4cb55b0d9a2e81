import Foundation
import TestSupport
import Testing

/// Started with standard descriptors closed, as by careless cron jobs and daemons.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ClosedDescriptorTests {
  private static let combinations: [Set<Int32>] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]
  private static let printing = [
    "export alice --no-session", "credential-process alice --no-session", "list", "whoami alice --no-session",
    "--version", "exec --help",
  ]

  @Test func `the command gets the descriptors that there are`() throws {
    let scene = try Scene.withAlice()
    for closed in Self.combinations {
      let lister = "/bin/ls -l /proc/$$/fd >list 2>/dev/null </dev/null"
      let pair = DirectAndThrough(["/bin/sh", "-c", lister], in: scene) { $0.closedDescriptors = closed }
      #expect(try pair.direct.run().status == .exited(0))
      let direct = try scene.scratch.text(of: "home/list")
      #expect(try pair.through.run().status == .exited(0), "\(closed)")
      #expect(Self.numbers(try scene.scratch.text(of: "home/list")) == Self.numbers(direct), "\(closed)")
    }
    try expectNoSecretInFiles(of: scene)
  }

  @Test(arguments: printing)
  func `output that nobody can get is an error, and is in no file`(command: String) throws {
    let scene = try Scene.withAlice()
    let whole = try scene.run("daypass \(command)")
    for closed in Self.combinations {
      var launch = scene.launch("exec daypass \(command)")
      launch.closedDescriptors = closed
      let outcome = try launch.run()
      #expect(outcome.status == .exited(closed.contains(1) ? 1 : 0), "\(closed)")
      #expect(outcome.output == (closed.contains(1) ? [] : whole.output), "\(closed)")
      let says = closed.contains(1) && !closed.contains(2)
      #expect(outcome.errorText == (says ? "daypass: cannot write the output: Bad file descriptor\n" : ""), "\(closed)")
    }
    try expectNoSecretInFiles(of: scene)
  }

  /// Whatever takes the place of a closed one would be written to, or read, by whoever means the standard descriptor.
  @Test(.enabled(if: Installed.has("strace"), "strace is not installed"))
  func `nothing but dev null takes the place of a closed descriptor`() throws {
    let scene = try Scene.withAlice()
    for closing in ["0<&-", "1>&-", "2>&-", "0<&- 1>&-", "0<&- 2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"] {
      // A file for each process, or calls of two would share a line.
      _ = try scene.run(
        "strace -ff -o trace -e trace=openat,socket,socketpair,pipe2,eventfd2,epoll_create1,memfd_create,accept4"
          + " sh -c 'exec daypass whoami alice --no-session \(closing)'")
      let calls = try scene.prepare("cat trace.*; rm trace.*").split(separator: "\n")
      let inPlace = calls.filter {
        $0.contains(/\) = [0-2]$/) && !$0.contains("pair(") && !$0.contains("pipe2(")
          || $0.contains(/\[[0-2],|, [0-2]\]/)
      }
      let ofOthers = inPlace.filter { call in
        // Loader and runtime come before us, and close what they open.
        !["\"/dev/null\"", ".so", "\"/proc/self/", "\"/sys/"].contains { call.contains($0) }
      }
      #expect(ofOthers == [], "\(closing)")
      #expect(inPlace.contains { $0.contains("\"/dev/null\"") } && calls.contains { $0.contains("socket(AF_INET") })
    }
  }

  private func expectNoSecretInFiles(of scene: Scene) throws {
    #expect(try SecretSweep(scene).files() == [])
  }

  /// The numbers in a listing, and what is not a pipe.
  private static func numbers(_ listing: String) -> [String] {
    listing.split(separator: "\n").compactMap { line in
      line.split(separator: " -> ").first?.split(separator: " ").last.map(String.init)
    }
  }
}
