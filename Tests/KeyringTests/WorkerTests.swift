import Foundation
import Glibc
import Secrets
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

// MARK: - Frame channel tests

struct FrameChannelTests {
  private let near: Int32
  private let far: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
    (near, far) = (ends[0], ends[1])
  }

  @Test(arguments: [0, 1, 4095, 70_000])
  func `a frame arrives whole`(count: Int) throws {
    let sender = FrameChannel(owning: near)
    let receiver = FrameChannel(owning: far)
    try sender.send(SecretBytes(copying: [UInt8](repeating: 9, count: count).span), before: .never)
    let received = try receiver.receive(before: .never).count
    #expect(received == count)
  }

  @Test func `a frame that ends early is the end`() {
    let receiver = FrameChannel(owning: far)
    write(near, [5, 0, 0, 0, 1, 2] as [UInt8], 6)
    close(near)
    #expect(throws: ChannelError.closed) { _ = try receiver.receive(before: .never) }
  }

  @Test func `a length nobody would send is refused before memory is taken for it`() {
    let receiver = FrameChannel(owning: far)
    write(near, [255, 255, 255, 255] as [UInt8], 4)
    close(near)
    #expect(throws: ChannelError.malformed) { _ = try receiver.receive(before: .never) }
  }

  @Test func `a frame that does not come is late`() {
    let receiver = FrameChannel(owning: far)
    #expect(throws: ChannelError.late) { _ = try receiver.receive(before: Deadline(after: .milliseconds(1))) }
    close(near)
  }

  @Test func `a frame that nobody takes is late`() {
    let sender = FrameChannel(owning: near)
    let large = SecretBytes(copying: [UInt8](repeating: 9, count: 4 << 20).span)
    #expect(throws: ChannelError.late) { try sender.send(large, before: Deadline(after: .milliseconds(1))) }
    close(far)
  }

  @Test func `sending to nobody is an error and no signal`() {
    let sender = FrameChannel(owning: near)
    close(far)
    #expect(throws: ChannelError.closed) { try sender.send(SecretBytes(copying: "x"), before: .never) }
  }
}

// MARK: - Frame tests

struct FrameTests {
  static let item = ItemID(kind: .longTermKey, name: "prod ü")

  /// One of each.
  static let errors: [KeyringError] = [
    .noBus, .unusableBus(address: "tcp:x", reason: .notUnix), .noService, .serviceEnded, .noCollection("work"), .locked,
    .dismissed, .timedOut(seconds: 120, unlocking: true), .timedOut(seconds: 2, unlocking: false), .plainTransport,
    .damaged(item), .ambiguous(item, paths: ["/a/1", "/a/2"]), .notStored(item), .tooLarge(limit: 1 << 20),
    .libraryMissing("libsecret-1.so.0", package: "libsecret-1-0"), .workerEnded, .service("words"), .service(""),
    .changed, .noPrompter, .notWritten(item, "words"),
  ]

  @Test(arguments: errors)
  func `an error comes out as it went in`(error: KeyringError) throws {
    var received: KeyringError?
    if case .failure(let error) = try KeyringReply(decoding: KeyringReply.failure(error).encoded()) {
      received = error
    }
    #expect(received == error)
  }

  @Test(arguments: KeyringPhase.allCases)
  func `a phase comes out as it went in`(phase: KeyringPhase) throws {
    var received: KeyringPhase?
    if case .progress(let phase) = try KeyringReply(decoding: KeyringReply.progress(phase).encoded()) {
      received = phase
    }
    #expect(received == phase)
  }

  @Test(arguments: [
    [], [ListedItem(id: item, modified: 1_795_248_000)],
    [ListedItem(id: item), ListedItem(id: ItemID(kind: .session, name: ""), modified: 1)],
  ])
  func `items come out as they went in`(items: [ListedItem]) throws {
    var received: [ListedItem]?
    if case .answer(let answer) = try KeyringReply(decoding: KeyringReply.answer(.items(items)).encoded()) {
      received = try answer.items()
    }
    #expect(received == items)
  }

  @Test(arguments: [nil, [0, 255, 10], [UInt8](repeating: 7, count: 70_000)] as [[UInt8]?])
  func `a secret, and its absence, come out as they went in`(bytes: [UInt8]?) throws {
    let secret = bytes.map { SecretBytes(copying: $0.span) }
    var received: [UInt8]?
    if case .answer(let answer) = try KeyringReply(decoding: KeyringReply.answer(.secret(secret)).encoded()) {
      received = try answer.secret().withValue { $0.withBytes { span in span.indices.map { span[$0] } } }
    }
    #expect(received == bytes)
  }

  @Test func `a request to save comes out as it went in`() throws {
    let request = KeyringRequest.save(SecretBytes(copying: "s3cret"), Self.item, label: "a label")
    var received: [String] = []
    if case .save(let secret, let item, let label) = try KeyringRequest(decoding: request.encoded()) {
      received = [secret.revealed() ?? "", item.name, item.kind.rawValue, label]
    }
    #expect(received == ["s3cret", "prod ü", "key", "a label"])
  }

  @Test func `an answer to another question is no answer`() {
    #expect(throws: KeyringError.workerEnded) { try KeyringAnswer.done.items() }
    #expect(throws: KeyringError.workerEnded) { try KeyringAnswer.items([]).done() }
    #expect(throws: KeyringError.workerEnded) { try KeyringAnswer.done.secret().exists }
  }

  @Test(arguments: errors)
  func `a reply that ends early, or goes on, is refused`(error: KeyringError) {
    let whole = KeyringReply.failure(error).encoded()
    for count in 0..<whole.count {
      #expect(throws: ChannelError.malformed) { _ = try KeyringReply(decoding: whole.clone(0..<count)) }
    }
    #expect(throws: ChannelError.malformed) {
      var longer = whole.clone()
      longer.append(0 as UInt8)
      _ = try KeyringReply(decoding: longer)
    }
  }

  @Test(arguments: [2, 120, 255])
  func `a flag that is neither 0 nor 1 is refused`(byte: UInt8) {
    #expect(throws: ChannelError.malformed) {
      _ = try KeyringReply(decoding: SecretBytes(copying: ([5, 7, 120, 0, 0, 0, byte] as [UInt8]).span))
    }
  }

  @Test func `which process the keyring is arrives as it was sent`() throws {
    var received: pid_t?
    if case .service(let process) = try KeyringReply(decoding: KeyringReply.service(4_194_304).encoded()) {
      received = process
    }
    #expect(received == 4_194_304)
  }

  @Test(arguments: [[0, 0, 0, 0], [0, 0, 0, 0x80], [255, 255, 255, 255]])
  func `a number that no process has is refused`(number: [UInt8]) {
    #expect(throws: ChannelError.malformed) {
      _ = try KeyringReply(decoding: SecretBytes(copying: ([6] + number).span))
    }
  }

  @Test func `a request that ends early is refused`() {
    let whole = KeyringRequest.save(SecretBytes(copying: "s3cret"), Self.item, label: "a label").encoded()
    for count in 0..<whole.count {
      #expect(throws: ChannelError.malformed) { _ = try KeyringRequest(decoding: whole.clone(0..<count)) }
    }
  }

  @Test(arguments: UInt8(7)...255)
  func `a first byte that means nothing is refused`(byte: UInt8) {
    #expect(throws: ChannelError.malformed) { _ = try KeyringReply(decoding: SecretBytes(copying: [byte].span)) }
    #expect(throws: ChannelError.malformed) { _ = try KeyringRequest(decoding: SecretBytes(copying: [byte].span)) }
  }
}

// MARK: - Test worker

/// The worker program of the tests, and the items they use.
enum TestWorker {
  static let program = WorkerProgram(path: Installed.product("keyring-worker"), arguments: ["keyring-worker"])

  static func store(
    _ environment: [String: String], deadlines: KeyringDeadlines = KeyringDeadlines(asking: .seconds(20)),
    progress: @escaping (KeyringPhase) -> Void = { _ in }
  ) -> WorkerStore {
    WorkerStore(program: program, environment: environment, deadlines: deadlines, progress: progress)
  }

  static let key = ItemID(kind: .longTermKey, name: "prod")
  static let session = ItemID(kind: .session, name: "0f3a")

  /// What the service is told about `key`.
  static let attributes = [
    "xdg:schema": "io.github.daypass.LongTermKey", "version": "1", "kind": "key", "profile": "prod",
  ]
}

extension SecretStore {
  /// The secret as an array, which `#expect` can take.
  func bytes(of item: ItemID) throws(KeyringError) -> [UInt8]? {
    try secret(for: item).withValue { secret in
      secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
  }

  func save(_ bytes: [UInt8], for item: ItemID) throws(KeyringError) {
    try save(SecretBytes(copying: bytes.span), for: item, label: "daypass: " + item.name)
  }
}
