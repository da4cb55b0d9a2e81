import CLinux
import Foundation
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
