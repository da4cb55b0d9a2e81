import FoundationEssentials

/// One page of a list, and the opaque marker of the next.
struct Page<Item> {
  let items: ArraySlice<Item>
  let next: String?

  /// Throws `InvalidArgument` for a marker that we did not hand out.
  init(_ all: [Item], size: Int, after marker: String?) throws(Refusal) {
    let start = try marker.map(Self.position) ?? 0
    guard (0...all.count).contains(start) else {
      throw .invalidArgument("The continuation token provided is incorrect")
    }
    let end = min(start + size, all.count)
    items = all[start..<end]
    next = end < all.count ? Data("page+/\(end)".utf8).base64EncodedString() : nil
  }

  private static func position(_ marker: String) throws(Refusal) -> Int {
    let text = Data(base64Encoded: marker).map { String(decoding: $0, as: UTF8.self) }
    guard let text, text.hasPrefix("page+/"), let position = Int(text.dropFirst(6)) else {
      throw .invalidArgument("The continuation token provided is incorrect")
    }
    return position
  }
}
