import Glibc
internal import Secrets

/// Why no frame came or went.
enum ChannelError: Error, Equatable {
  /// The other end is gone.
  case closed
  /// The deadline has passed.
  case late
  /// What came is not a frame.
  case malformed
}

// MARK: - Frame channel

/// One end of the socket between daypass and its keyring worker. A frame is its length in four bytes, little-endian, and
/// that many bytes, which go from and to locked memory.
struct FrameChannel: ~Copyable {
  /// Room for the largest secret and its name; what a frame may make us allocate.
  static let largestFrame = 4 << 20

  private let descriptor: Int32

  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func send(_ body: borrowing SecretBytes, before deadline: Deadline) throws(ChannelError) {
    // In one piece, for which the other end wakes up once.
    var frame = FrameWriter()
    frame.append(body)
    try write(frame.finish(), deadline)
  }

  func receive(before deadline: Deadline) throws(ChannelError) -> SecretBytes {
    var length = try FrameReader(read(4, deadline))
    let count = try length.number()
    guard count <= Self.largestFrame else { throw .malformed }
    return try read(count, deadline)
  }

  private func write(_ bytes: borrowing SecretBytes, _ deadline: Deadline) throws(ChannelError) {
    var sent = 0
    while sent < bytes.count {
      sent += try whenReady(POLLOUT, deadline) {
        bytes.withBytes { span in
          unsafe span.extracting(sent...).withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
          }
        }
      }
    }
  }

  private func read(_ count: Int, _ deadline: Deadline) throws(ChannelError) -> SecretBytes {
    var bytes = SecretBytes(capacity: count)
    while bytes.count < count {
      try bytes.append(upTo: count - bytes.count) { (room) throws(ChannelError) in
        let received = try whenReady(POLLIN, deadline) {
          unsafe room.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
          }
        }
        guard received > 0 else { throw .closed }
        return received
      }
    }
    return bytes
  }

  /// Repeats `transfer` until it moved something or met the end.
  private func whenReady(_ event: Int32, _ deadline: Deadline, _ transfer: () -> Int) throws(ChannelError) -> Int {
    while true {
      let count = transfer()
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: try wait(for: event, deadline)
      case _: throw .closed
      }
    }
  }

  private func wait(for event: Int32, _ deadline: Deadline) throws(ChannelError) {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    var deadline = deadline
    var wait = PresentTime()
    while unsafe poll(&entry, 1, wait.timeout(before: deadline)) == 0 {
      deadline.putOff(by: wait.missed())
      guard deadline.pollTimeout != 0 else { throw .late }
    }
  }
}

// MARK: - Frame reader

/// Takes the body of a frame apart, in the order in which `FrameWriter` built it. Everything throws `.malformed` where the
/// body ends early or holds something else.
struct FrameReader: ~Copyable {
  private let body: SecretBytes
  private var position = 0

  init(_ body: consuming SecretBytes) { self.body = body }

  /// Nothing may follow what was read.
  func end() throws(ChannelError) {
    guard position == body.count else { throw .malformed }
  }

  mutating func byte() throws(ChannelError) -> UInt8 {
    let place = try take(1).lowerBound
    return body.withBytes { $0[place] }
  }

  mutating func flag() throws(ChannelError) -> Bool {
    let byte = try byte()
    guard byte <= 1 else { throw .malformed }
    return byte == 1
  }

  mutating func number() throws(ChannelError) -> Int {
    let range = try take(4)
    return body.withBytes { bytes in
      range.reversed().reduce(0) { sum, place in sum << 8 | Int(bytes[place]) }
    }
  }

  mutating func text() throws(ChannelError) -> String {
    let range = try take(number())
    guard let text = body.clone(range).revealed() else { throw .malformed }
    return text
  }

  mutating func secret() throws(ChannelError) -> SecretBytes {
    body.clone(try take(number()))
  }

  mutating func kind() throws(ChannelError) -> ItemID.Kind {
    guard let kind = ItemID.Kind(rawValue: try text()) else { throw .malformed }
    return kind
  }

  mutating func item() throws(ChannelError) -> ItemID {
    ItemID(kind: try kind(), name: try text())
  }

  private mutating func take(_ count: Int) throws(ChannelError) -> Range<Int> {
    guard count <= body.count - position else { throw .malformed }
    defer { position += count }
    return position..<(position + count)
  }
}

// MARK: - Frame writer

/// Builds the body of a frame: bytes, little-endian numbers of four bytes, texts and secrets preceded by their length.
struct FrameWriter: ~Copyable {
  private var body = SecretBytes()

  consuming func finish() -> SecretBytes { body }

  mutating func append(_ byte: UInt8) { body.append(byte) }

  mutating func append(_ number: Int) {
    let number = UInt32(clamping: number)
    for shift in stride(from: UInt32(0), to: 32, by: 8) { body.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    body.append(text)
  }

  mutating func append(_ secret: borrowing SecretBytes) {
    append(secret.count)
    body.append(secret)
  }

  mutating func append(_ kind: ItemID.Kind) { append(kind.rawValue) }

  mutating func append(_ item: ItemID) {
    append(item.kind)
    append(item.name)
  }
}

// MARK: - Keyring answer

/// What a call of `SecretStore` returns. Reading it as another call's answer throws `.workerEnded`: a worker that
/// answers what was not asked is none.
enum KeyringAnswer: ~Copyable {
  /// nil where there is no such item.
  case secret(SecretBytes?)
  case done
  case items([ListedItem])

  consuming func secret() throws(KeyringError) -> SecretBytes? {
    switch consume self {
    case .secret(let secret): return secret
    case .done: throw .workerEnded
    case .items: throw .workerEnded
    }
  }

  consuming func done() throws(KeyringError) {
    switch consume self {
    case .done: return
    case .secret: throw .workerEnded
    case .items: throw .workerEnded
    }
  }

  consuming func items() throws(KeyringError) -> [ListedItem] {
    switch consume self {
    case .items(let items): return items
    case .secret: throw .workerEnded
    case .done: throw .workerEnded
    }
  }
}

// MARK: - Frame

/// How an error travels from the worker to daypass.
extension KeyringError {
  private enum Tag: UInt8 {
    case noBus, unusableBus, noService, serviceEnded, noCollection, locked, dismissed, timedOut, plainTransport, damaged
    case ambiguous, notStored, tooLarge, libraryMissing, workerEnded, service, changed, noPrompter, notWritten
    case emptySecret
  }

  func encode(into frame: inout FrameWriter) {
    frame.append(tag.rawValue)
    switch self {
    case .noBus, .noService, .serviceEnded, .changed, .locked, .noPrompter, .dismissed, .plainTransport, .workerEnded,
      .emptySecret:
      break
    case .noCollection(let text), .service(let text): frame.append(text)
    case .damaged(let item), .notStored(let item): frame.append(item)
    case .tooLarge(let limit): frame.append(limit)
    case .unusableBus(let address, let reason):
      frame.append(address)
      frame.append(reason.rawValue)
    case .timedOut(let seconds, let unlocking):
      frame.append(seconds)
      frame.append(unlocking ? 1 as UInt8 : 0)
    case .ambiguous(let item, let paths):
      frame.append(item)
      frame.append(paths.count)
      for path in paths { frame.append(path) }
    case .notWritten(let item, let words):
      frame.append(item)
      frame.append(words)
    case .libraryMissing(let file, let package):
      frame.append(file)
      frame.append(package)
    }
  }

  init(from frame: inout FrameReader) throws(ChannelError) {
    guard let tag = Tag(rawValue: try frame.byte()) else { throw .malformed }
    switch tag {
    case .noBus: self = .noBus
    case .unusableBus: self = .unusableBus(address: try frame.text(), reason: try Self.reason(from: &frame))
    case .noService: self = .noService
    case .serviceEnded: self = .serviceEnded
    case .noCollection: self = .noCollection(try frame.text())
    case .locked: self = .locked
    case .dismissed: self = .dismissed
    case .timedOut: self = .timedOut(seconds: try frame.number(), unlocking: try frame.flag())
    case .plainTransport: self = .plainTransport
    case .damaged: self = .damaged(try frame.item())
    case .ambiguous:
      let item = try frame.item()
      var paths: [String] = []
      for _ in 0..<(try frame.number()) { paths.append(try frame.text()) }
      self = .ambiguous(item, paths: paths)
    case .notStored: self = .notStored(try frame.item())
    case .tooLarge: self = .tooLarge(limit: try frame.number())
    case .libraryMissing: self = .libraryMissing(try frame.text(), package: try frame.text())
    case .workerEnded: self = .workerEnded
    case .service: self = .service(try frame.text())
    case .emptySecret: self = .emptySecret
    case .changed: self = .changed
    case .noPrompter: self = .noPrompter
    case .notWritten: self = .notWritten(try frame.item(), try frame.text())
    }
  }

  private static func reason(from frame: inout FrameReader) throws(ChannelError) -> BusProblem {
    guard let reason = BusProblem(rawValue: try frame.text()) else { throw .malformed }
    return reason
  }

  private var tag: Tag {
    switch self {
    case .noBus: .noBus
    case .unusableBus: .unusableBus
    case .noService: .noService
    case .serviceEnded: .serviceEnded
    case .noCollection: .noCollection
    case .locked: .locked
    case .dismissed: .dismissed
    case .timedOut: .timedOut
    case .plainTransport: .plainTransport
    case .damaged: .damaged
    case .ambiguous: .ambiguous
    case .notStored: .notStored
    case .tooLarge: .tooLarge
    case .libraryMissing: .libraryMissing
    case .workerEnded: .workerEnded
    case .service: .service
    case .emptySecret: .emptySecret
    case .changed: .changed
    case .noPrompter: .noPrompter
    case .notWritten: .notWritten
    }
  }
}

// MARK: - Keyring reply

/// What the worker says: any number of `progress` and `service`, then one of the others.
enum KeyringReply: ~Copyable {
  case progress(KeyringPhase)
  /// Which process the keyring is.
  case service(pid_t)
  case answer(KeyringAnswer)
  case failure(KeyringError)

  private enum Tag: UInt8 { case progress, secret, missing, done, items, failure, service }

  consuming func encoded() -> SecretBytes {
    var frame = FrameWriter()
    switch consume self {
    case .progress(let phase):
      frame.append(Tag.progress.rawValue)
      frame.append(phase.rawValue)
    case .service(let process):
      frame.append(Tag.service.rawValue)
      frame.append(Int(process))
    case .answer(let answer): Self.encode(answer, into: &frame)
    case .failure(let error):
      frame.append(Tag.failure.rawValue)
      error.encode(into: &frame)
    }
    return frame.finish()
  }

  private static func encode(_ answer: consuming KeyringAnswer, into frame: inout FrameWriter) {
    switch consume answer {
    case .secret(.some(let secret)):
      frame.append(Tag.secret.rawValue)
      frame.append(secret)
    case .secret(.none): frame.append(Tag.missing.rawValue)
    case .done: frame.append(Tag.done.rawValue)
    case .items(let items):
      frame.append(Tag.items.rawValue)
      frame.append(items.count)
      for item in items {
        frame.append(item.id)
        frame.append(item.modified ?? 0)
      }
    }
  }

  init(decoding body: consuming SecretBytes) throws(ChannelError) {
    var frame = FrameReader(body)
    let reply = try Self.read(from: &frame)
    try frame.end()
    self = reply
  }

  private static func read(from frame: inout FrameReader) throws(ChannelError) -> KeyringReply {
    guard let tag = Tag(rawValue: try frame.byte()) else { throw .malformed }
    switch tag {
    case .progress: return .progress(try phase(from: &frame))
    case .service: return .service(try process(from: &frame))
    case .secret: return .answer(.secret(try frame.secret()))
    case .missing: return .answer(.secret(nil))
    case .done: return .answer(.done)
    case .items: return .answer(.items(try items(from: &frame)))
    case .failure: return .failure(try KeyringError(from: &frame))
    }
  }

  private static func process(from frame: inout FrameReader) throws(ChannelError) -> pid_t {
    guard let process = pid_t(exactly: try frame.number()), process > 0 else { throw .malformed }
    return process
  }

  private static func phase(from frame: inout FrameReader) throws(ChannelError) -> KeyringPhase {
    guard let phase = KeyringPhase(rawValue: try frame.byte()) else { throw .malformed }
    return phase
  }

  private static func items(from frame: inout FrameReader) throws(ChannelError) -> [ListedItem] {
    var items: [ListedItem] = []
    for _ in 0..<(try frame.number()) {
      let id = try frame.item()
      let modified = try frame.number()
      items.append(ListedItem(id: id, modified: modified == 0 ? nil : modified))
    }
    return items
  }
}

// MARK: - Keyring request

/// What the worker is asked: the calls of `SecretStore`.
enum KeyringRequest: ~Copyable {
  case secret(ItemID)
  case save(SecretBytes, ItemID, label: String)
  case remove(ItemID)
  case items(ItemID.Kind)

  private enum Tag: UInt8 { case secret, save, remove, items }

  consuming func encoded() -> SecretBytes {
    var frame = FrameWriter()
    switch consume self {
    case .secret(let item):
      frame.append(Tag.secret.rawValue)
      frame.append(item)
    case .save(let secret, let item, let label):
      frame.append(Tag.save.rawValue)
      frame.append(secret)
      frame.append(item)
      frame.append(label)
    case .remove(let item):
      frame.append(Tag.remove.rawValue)
      frame.append(item)
    case .items(let kind):
      frame.append(Tag.items.rawValue)
      frame.append(kind)
    }
    return frame.finish()
  }

  init(decoding body: consuming SecretBytes) throws(ChannelError) {
    var frame = FrameReader(body)
    let request = try Self.read(from: &frame)
    try frame.end()
    self = request
  }

  private static func read(from frame: inout FrameReader) throws(ChannelError) -> KeyringRequest {
    guard let tag = Tag(rawValue: try frame.byte()) else { throw .malformed }
    switch tag {
    case .secret: return .secret(try frame.item())
    case .save: return .save(try frame.secret(), try frame.item(), label: try frame.text())
    case .remove: return .remove(try frame.item())
    case .items: return .items(try frame.kind())
    }
  }
}
