import Glibc
import TestSupport
import Testing

@testable import POSIX

/// Files that a user names: whatever stands there, reading it ends.
struct InputFileTests {
  private let folder = ScratchFolder()

  private func read(_ path: String, limit: Int = 1_000, timeout: Duration = .seconds(10)) throws -> String? {
    guard let file = try InputFile.open(path, timeout: timeout) else { return nil }
    return String(decoding: try file.readAll(limit: limit), as: UTF8.self)
  }

  /// A pipe with a name, and the shell command that writes to it.
  private func pipe(writtenBy command: String) throws -> (path: String, writer: RunningLaunch) {
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    return (path, try Launch("/bin/sh", ["-c", command, "sh", path]).start())
  }

  @Test func `a regular file is read to its end`() throws {
    #expect(try read(folder.write("text\n", to: "file")) == "text\n")
    #expect(try read(folder.write("", to: "empty")) == "")
    #expect(try read(folder.path("missing")) == nil)
    #expect(try read(folder.path("file/below")) == nil)
  }

  @Test func `a file that tells no size is read to its end`() throws {
    #expect(try read("/proc/self/cmdline", limit: 1 << 20)?.isEmpty == false)
  }

  @Test func `what is too large is refused before it is read`() throws {
    #expect(try read(folder.write("1234", to: "file"), limit: 4) == "1234")
    #expect(throws: FileFailure.call(EFBIG)) { try read(folder.path("file"), limit: 3) }
    // A hole of 1 TB, whose bytes nobody could wait for.
    try #require(truncate(folder.path("file"), 1 << 40) == 0)
    #expect(throws: FileFailure.call(EFBIG)) { try read(folder.path("file"), limit: 1 << 39) }
  }

  @Test func `the null device is empty`() throws {
    #expect(try read("/dev/null") == "")
  }

  @Test(arguments: ["/dev/zero", "/dev/full", "/dev/urandom", "/dev/ptmx"])
  func `other devices are refused`(device: String) {
    #expect(throws: FileFailure.notRegular) { try read(device) }
  }

  @Test func `a socket and a folder are refused`() throws {
    let listener = try MuteListener(path: folder.path("socket"))
    #expect(throws: FileFailure.notRegular) { try read(folder.path("socket")) }
    #expect(throws: FileFailure.call(EISDIR)) { try read(folder.path) }
    withExtendedLifetime(listener) {}
  }

  @Test func `a pipe is read until its writer closes it, in as many parts as it writes`() throws {
    let (path, writer) = try pipe(writtenBy: "exec > $1; echo one; sleep 0.05; echo two")
    #expect(try read(path) == "one\ntwo\n")
    #expect(try writer.wait().status == .exited(0))
  }

  @Test func `a pipe whose writer wrote nothing is empty`() throws {
    let (path, writer) = try pipe(writtenBy: ": > $1")
    #expect(try read(path) == "")
    #expect(try writer.wait().status == .exited(0))
  }

  @Test func `a pipe without a writer is given up on`() throws {
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    #expect(throws: FileFailure.silent) { try read(path, timeout: .milliseconds(30)) }
  }

  @Test func `a pipe whose writer never ends is given up on`() throws {
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let writer = open(path, O_RDWR | O_CLOEXEC)
    defer { close(writer) }
    #expect(throws: FileFailure.silent) { try read(path, timeout: .milliseconds(30)) }
    try #require(write(writer, "x", 1) == 1)
    #expect(throws: FileFailure.silent) { try read(path, timeout: .milliseconds(30)) }
  }

  @Test func `a pipe without end is refused`() throws {
    let (path, writer) = try pipe(writtenBy: "exec yes > $1")
    #expect(throws: FileFailure.call(EFBIG)) { try read(path) }
    #expect(try writer.wait().status == .signaled(SIGPIPE))
  }
}
