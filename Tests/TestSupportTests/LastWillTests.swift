import Foundation
import TestSupport
import Testing

/// What a killed test process leaves behind: nothing.
struct CleanupProcessTests {
  /// By which the processes are known: a number may be another's by the time when this test gets on.
  private static let seconds = "601.5"

  @Test func `processes, those they started, and folders go with a test process that is killed`() async throws {
    let result = try #require(
      await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
        let folder = ScratchFolder()
        let child = ChildProcess(
          ["sh", "-c", "sleep \(Self.seconds) & echo $!; wait"], environment: ["PATH": "/usr/bin:/bin"])
        try #require(eventually { child.output.hasSuffix("\n") })
        let frozen = ChildProcess(["sleep", Self.seconds], environment: [:])
        frozen.send(SIGSTOP)
        let launch = try Launch("/bin/sleep", [Self.seconds]).start()
        let numbers = [child.identifier, frozen.identifier, launch.pid].map(String.init).joined(separator: " ")
        FileHandle.standardOutput.write(Data("left: \(folder.path) \(numbers) \(child.output)".utf8))
        kill(getpid(), SIGKILL)
      })
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    let line = try #require(output.split(separator: "\n").first { $0.contains("left: ") })
    let left = line.split(separator: " ").drop { !$0.hasSuffix("left:") }.dropFirst().map(String.init)
    try #require(left.count == 5)
    #expect(eventually { !FileManager.default.fileExists(atPath: left[0]) })
    #expect(eventually { left.dropFirst().allSatisfy(Self.isGone) })
  }

  @Test func `what has ended is left alone`() async throws {
    let folder = ScratchFolder()
    // For as long as the other tests keep this one waiting.
    let survivor = ChildProcess(["sleep", "infinity"], environment: [:])
    await #expect(processExitsWith: .success) { [path = folder.path as String, pid = survivor.identifier as Int32] in
      for entry in [CleanupProcess.Entry.folder(path), .process(pid)] {
        CleanupProcess.add(entry)
        CleanupProcess.withdraw(entry)
      }
      let other = ScratchFolder()
      CleanupProcess.add(.process(pid))
      CleanupProcess.withdraw(.process(pid))
      withExtendedLifetime(other) {}
    }
    #expect(survivor.isAlive)
    #expect(FileManager.default.fileExists(atPath: folder.path))
  }

  /// Whether a process has ended; nobody may have waited for it yet.
  private static func isGone(_ identifier: String) -> Bool {
    let commandLine = FileManager.default.contents(atPath: "/proc/\(identifier)/cmdline") ?? Data()
    return !String(decoding: commandLine, as: UTF8.self).contains(seconds)
  }
}
