import Foundation
import TestSupport
import Testing

@testable import Keyring

/// What a worker is started with, and what becomes of it.
struct WorkerProcessTests {
  private let scratch = ScratchFolder()

  /// A store whose worker is a shell script.
  private func store(_ script: String, _ environment: [String: String] = [:]) -> WorkerStore {
    WorkerStore(
      program: WorkerProgram(path: "/bin/sh", arguments: ["sh", "-c", script, scratch.path]), environment: environment,
      deadlines: KeyringDeadlines(asking: .seconds(20), unlocking: .milliseconds(1500), writing: .milliseconds(100)))
  }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: scratch.path + "/" + name) ?? Data(), as: UTF8.self)
  }

  /// A frame as printf(1) takes it.
  private func frame(_ body: UInt8...) -> String {
    ([UInt8(body.count), 0, 0, 0] + body).map { "\\" + String($0, radix: 8) }.joined()
  }

  @Test(arguments: ["exit 0", "kill -9 $$", "printf 'nonsense, and lots of it' >&3; exec cat <&3 >/dev/null"])
  func `a worker that ends or talks nonsense is an error`(script: String) {
    #expect(throws: KeyringError.workerEnded) { try store(script).bytes(of: TestWorker.key) }
  }

  @Test func `what can be got ready while an answer is awaited is done once, when the question is out`() throws {
    let missing = frame(2)
    let store = store("cat <&3 >$0/question & printf '\(missing)\(missing)' >&3; wait")
    var heard: [String] = []
    store.meanwhile = { heard.append("ready") }
    heard.append("asked")
    for _ in 1...2 { #expect(try store.bytes(of: TestWorker.key) == nil) }
    #expect(heard == ["asked", "ready"])
  }

  @Test func `a program that is not there is an error`() {
    let store = WorkerStore(program: WorkerProgram(path: "/nowhere", arguments: ["x"]), environment: [:])
    #expect(throws: KeyringError.workerEnded) { try store.bytes(of: TestWorker.key) }
  }

  @Test func `a worker sees the allowed variables only`() {
    let allowed = ["HOME": "/h", "LC_ALL": "C", "DAYPASS_COLLECTION": "x", "DISPLAY": ":0"]
    let hostile = [
      "SECRET_BACKEND": "file", "LD_PRELOAD": "/x.so", "G_DBUS_DEBUG": "all", "AWS_SECRET_ACCESS_KEY": "s",
    ]
    let store = store("env -u PWD -u SHLVL -u _ -u OLDPWD | sort >$0/env", allowed.merging(hostile) { $1 })
    #expect(throws: KeyringError.workerEnded) { try store.bytes(of: TestWorker.key) }
    #expect(text("env") == "DAYPASS_COLLECTION=x\nDISPLAY=:0\nHOME=/h\nLC_ALL=C\n")
  }

  @Test func `a worker has its socket, no other descriptor, and nothing to read or write`() {
    let leak = open(scratch.write("", to: "leak"), O_RDONLY)
    defer { close(leak) }
    let arguments = ["find", "/proc/self/fd", "-type", "l", "-fprintf", scratch.path + "/fds", "%f %l\\n"]
    let store = WorkerStore(program: WorkerProgram(path: "/usr/bin/find", arguments: arguments), environment: [:])
    #expect(throws: KeyringError.workerEnded) { try store.bytes(of: TestWorker.key) }
    // find(1) itself opens the folder it looks into, the one it returns to, and the file it writes.
    let own = ["/fd", "/fds", FileManager.default.currentDirectoryPath]
    let lines = text("fds").split(separator: "\n").filter { line in !own.contains { line.hasSuffix($0) } }
    let links = lines.filter { !$0.hasPrefix("2 ") }.map { $0.prefix { $0 != ":" } }
    #expect(links.sorted() == ["0 /dev/null", "1 /dev/null", "3 socket"])
  }

  @Test func `a dialog that is not answered ends the worker after the user's time`() {
    let store = store("echo $$ >$0/pid; printf '\(frame(0, 1))' >&3; exec sleep 60")
    #expect(throws: KeyringError.timedOut(seconds: 1, unlocking: true)) { try store.bytes(of: TestWorker.key) }
    #expect(kill(Int32(text("pid").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0, 0) == -1)
  }

  @Test func `the deadline follows the phase`() {
    let store = store("printf '\(frame(0, 1))\(frame(0, 2))' >&3; exec sleep 60")
    #expect(throws: KeyringError.timedOut(seconds: 0, unlocking: false)) { try store.bytes(of: TestWorker.key) }
  }

  @Test func `one worker serves many calls, and none is left after closing`() throws {
    let script = "echo $$ >>$0/pid; printf '\(frame(2))\(frame(2))' >&3; exec sleep 60"
    let store = store(script)
    #expect(try store.bytes(of: TestWorker.key) == nil)
    #expect(try store.bytes(of: TestWorker.key) == nil)
    store.close()
    let pids = text("pid").split(separator: "\n").compactMap { Int32($0) }
    #expect(pids.count == 1)
    #expect(pids.allSatisfy { kill($0, 0) == -1 })
  }

  @Test func `a worker that failed a call is replaced for the next`() throws {
    let script = """
      echo $$ >>$0/pid
      if test -e $0/again; then printf '\(frame(2))' >&3; else touch $0/again; printf '\(frame(5, 5))' >&3; fi
      exec sleep 60
      """
    let store = store(script)
    #expect(throws: KeyringError.locked) { try store.bytes(of: TestWorker.key) }
    #expect(try store.bytes(of: TestWorker.key) == nil)
    #expect(text("pid").split(separator: "\n").count == 2)
  }

  @Test func `a keyring that ended in the middle of a call is not said to be missing`() throws {
    let script = """
      if test -e $0/again; then printf '\(frame(5, 2))' >&3; else touch $0/again; printf '\(frame(2))\(frame(5, 3))' >&3; fi
      exec sleep 60
      """
    let store = store(script)
    #expect(try store.bytes(of: TestWorker.key) == nil)
    #expect(throws: KeyringError.serviceEnded) { try store.bytes(of: TestWorker.key) }
  }

  @Test func `a worker for one question ends when it has answered, and the next question gets another`() throws {
    let store = store("echo $$ >>$0/pid; printf '\(frame(2))\(frame(2))' >&3; exec sleep 60")
    store.prepareForOneQuestion()
    for _ in 1...2 { #expect(try store.bytes(of: TestWorker.key) == nil) }
    let pids = text("pid").split(separator: "\n").compactMap { Int32($0) }
    #expect(pids.count == 2)
    store.close()
    #expect(pids.allSatisfy { kill($0, 0) == -1 })
  }

  @Test func `closing may be repeated, and the store used again`() throws {
    let store = store("printf '\(frame(2))' >&3; exec sleep 60")
    store.close()
    #expect(try store.bytes(of: TestWorker.key) == nil)
    store.close()
    #expect(try store.bytes(of: TestWorker.key) == nil)
  }
}
