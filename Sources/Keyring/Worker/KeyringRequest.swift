internal import Secrets

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
