import Glibc
import Secrets
import TestSupport
import Testing

@testable import Processes

@Suite(.waiting)
struct ChildProgramTests {
  private func run(
    _ words: String..., environment: [String] = ["PATH=/usr/bin:/bin"], timeout: Duration = .seconds(60),
    limit: Int = 1_000
  ) throws(ChildError) -> String {
    let program = ChildProgram(
      words, environment: environment.map { Array($0.utf8) }, terminal: .none, timeout: timeout, limit: limit)
    return try program.run().revealed() ?? "?"
  }

  @Test func `a program's words are its arguments, without a shell`() throws {
    #expect(try run("printf", "<%s>", "a b", "$HOME", ";", "*") == "<a b><$HOME><;><*>")
  }

  @Test func `a program has the given environment and no other`() throws {
    #expect(try run("env", environment: ["PATH=/usr/bin:/bin", "A=1"]) == "PATH=/usr/bin:/bin\nA=1\n")
  }

  @Test func `a program reads nothing and has the three standard descriptors alone`() throws {
    #expect(try run("cat") == "")
    #expect(try run("sh", "-c", "ls /proc/$$/fd") == "0\n1\n2\n")
  }

  @Test func `a program that fails is an error with its status and its last words`() {
    #expect(throws: ChildError.ended(.exited(3), complaint: ["first", "no such card"])) {
      try run("sh", "-c", "echo 123456; echo first >&2; echo ' ' >&2; echo no such card >&2; exit 3")
    }
    #expect(throws: ChildError.ended(.killed(signal: SIGKILL), complaint: [])) { try run("sh", "-c", "kill -9 $$") }
  }

  @Test func `the last ten lines of a long complaint are reported`() {
    #expect(throws: ChildError.ended(.exited(1), complaint: (3...12).map { "line \($0)" })) {
      try run("sh", "-c", "for n in $(seq 12); do echo line $n >&2; done; exit 1")
    }
  }

  @Test func `a program that does not end in time is ended`() {
    #expect(throws: ChildError.timedOut(.milliseconds(200))) {
      try run("sleep", "3600", timeout: .milliseconds(200))
    }
  }

  @Test func `a program that ignores its end is killed`() {
    #expect(throws: ChildError.timedOut(.milliseconds(200))) {
      try run("sh", "-c", "trap '' TERM; while :; do sleep 1; done", timeout: .milliseconds(200))
    }
  }

  @Test(arguments: ["yes", "yes >&2"])
  func `endless output is an error`(command: String) {
    #expect(throws: ChildError.tooMuchOutput(limit: 1_000)) { try run("sh", "-c", "exec \(command)") }
  }

  @Test func `output that fills a pipe is read as it comes`() throws {
    let text = try run("head", "-c", "500000", "/dev/zero", limit: 500_000)
    #expect(text.utf8.count == 500_000)
  }

  @Test func `a daemon that a program leaves behind with its output open is not waited for`() throws {
    let text = try run("sh", "-c", "sleep 3600 & echo $!")
    let daemon = try #require(pid_t(text.dropLast()))
    #expect(kill(daemon, SIGKILL) == 0)
  }

  @Test func `a program is looked for in the absolute folders of PATH`() throws {
    let folder = ScratchFolder()
    folder.write("#!/bin/sh\necho found\n", to: "tool", mode: 0o700)
    #expect(try run("tool", environment: ["PATH=::relative:\(folder.path)"]) == "found\n")
    #expect(throws: ChildError.notFound("tool")) { try run("tool", environment: ["PATH=:."]) }
    #expect(throws: ChildError.notStarted("/no/such", errno: ENOENT)) { try run("/no/such") }
    #expect(throws: ChildError.notFound("")) { try run() }
  }

  @Test func `a signal that we ignore ends a program as usual`() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_IGN)
      let line = try ChildProgramTests().run("grep", "SigIgn", "/proc/self/status")
      let mask = try #require(line.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) })
      #expect(mask & (1 << UInt64(SIGPIPE - 1)) == 0)
    }
  }
}
