internal import Secrets

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
