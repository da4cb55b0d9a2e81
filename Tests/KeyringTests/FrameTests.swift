import Glibc
import Secrets
import Testing

@testable import Keyring

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
