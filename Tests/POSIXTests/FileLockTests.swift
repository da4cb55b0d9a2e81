import Glibc
import TestSupport
import Testing

@testable import POSIX

struct FileLockTests {
  private let folder = ScratchFolder()

  private func file() throws -> FileDescriptor {
    guard let file = FileDescriptor(open(folder.path("lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)) else {
      throw FileFailure.last
    }
    return file
  }

  @Test func `a lock that stays taken is given up on`() throws {
    let holder = try file()
    let tryLock = holder.tryLock()
    #expect(tryLock)
    let waiter = try file()
    #expect(throws: FileFailure.busy) { try waiter.lock(for: .milliseconds(1)) }
  }

  @Test func `a lock is free when its holder ends`() throws {
    let command = Launch("/usr/bin/flock", [folder.path("lock"), "/bin/sh", "-c", "echo locked; read x"])
    let holder = try PseudoTerminal(command)
    try holder.expect("locked")
    let waiter = try file()
    let tryLock = waiter.tryLock()
    #expect(!tryLock)
    kill(holder.pid, SIGKILL)
    try holder.send("\n")
    try waiter.lock(for: .seconds(30))
  }
}
