import CLinux
import Foundation
import Glibc
import Secrets
import TestSupport
import Testing

@testable import Delivery

struct OutputTests {
  @Test func `a full disk is an error`() throws {
    var launch = Launch(try builtProgram("Probe"), ["write"])
    launch.files = [1: "/dev/full"]
    let outcome = try launch.run()
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText == "probe: outputFailed(errno: \(ENOSPC))\n")
  }

  @Test func `a closed stdout is an error`() throws {
    var launch = Launch(try builtProgram("Probe"), ["write"])
    launch.closedDescriptors = [1]
    #expect(try launch.run().errorText == "probe: outputFailed(errno: \(EBADF))\n")
  }

  @Test func `a reader that leaves is an error, not a signal`() throws {
    let script = "\(try builtProgram("Probe")) write | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}"
    let outcome = try Launch("/usr/bin/bash", ["-c", script]).run()
    #expect(outcome.outputText == "1\n")
    #expect(outcome.errorText == "probe: outputFailed(errno: \(EPIPE))\n")
  }

  @Test func `everything arrives through a pipe that does not block`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(linux_open_pipe(&ends) == 0)
    let (readEnd, writeEnd) = (ends[0], ends[1])
    let text = String(repeating: "0123456789", count: 100_000)
    let writer = Thread {
      _ = Output(descriptor: writeEnd).failure(writing: text.utf8.span)
      close(writeEnd)
    }
    writer.start()
    let read = try FileHandle(fileDescriptor: readEnd, closeOnDealloc: true).blockingText()
    #expect(read == text)
  }
}

extension FileHandle {
  fileprivate func blockingText() throws -> String {
    _ = fcntl(fileDescriptor, F_SETFL, O_RDONLY)
    return String(decoding: try readToEnd() ?? Data(), as: UTF8.self)
  }
}

// MARK: - New files

struct NewFileTests {
  private let folder = ScratchFolder()

  @Test func `a new file is for the user alone, and is removed when asked`() async throws {
    await #expect(processExitsWith: .success) {
      let folder = ScratchFolder()
      umask(0)
      let file = try NewFile(folder.path("seed.png"), holding: SecretBytes(copying: "made-up"))
      var status = stat()
      #expect(lstat(folder.path("seed.png"), &status) == 0)
      #expect(status.st_mode == S_IFREG | 0o600)
      #expect(try folder.text(of: "seed.png") == "made-up")
      try file.remove()
      #expect(try folder.names() == [])
    }
  }

  @Test func `a file that is there already is left as it is`() throws {
    let path = folder.write("old", to: "seed.png")
    #expect(throws: DeliveryError.fileExists(path: path)) {
      _ = try NewFile(path, holding: SecretBytes(copying: "made-up"))
    }
    #expect(try folder.text(of: "seed.png") == "old")
  }

  @Test(arguments: ["there", "nowhere"])
  func `a link is not followed`(target: String) throws {
    folder.write("old", to: "there")
    let path = folder.path("link")
    #expect(symlink(folder.path(target), path) == 0)
    #expect(throws: DeliveryError.fileExists(path: path)) {
      _ = try NewFile(path, holding: SecretBytes(copying: "made-up"))
    }
    #expect(try folder.names() == ["link", "there"])
    #expect(try folder.text(of: "there") == "old")
  }

  @Test func `a folder that is missing is reported`() {
    let path = folder.path("none/seed.png")
    #expect(throws: DeliveryError.fileFailed(path: path, errno: ENOENT)) {
      _ = try NewFile(path, holding: SecretBytes(copying: "made-up"))
    }
  }

  @Test func `a file that somebody put in its place is not removed`() throws {
    let file = try NewFile(folder.path("seed.png"), holding: SecretBytes(copying: "made-up"))
    #expect(rename(folder.write("other", to: "other"), folder.path("seed.png")) == 0)
    try file.remove()
    #expect(try folder.text(of: "seed.png") == "other")
  }
}
