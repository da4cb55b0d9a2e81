import Glibc
internal import Secrets

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
