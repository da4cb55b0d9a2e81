/// Any text as a coding key, to see the keys a document has rather than those we look for.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The document's fields; one that is not in `Key` is an error, because a mistyped flag would silently test nothing.
  func fields<Key: CodingKey & CaseIterable>(_ type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let known = Set(Key.allCases.map(\.stringValue))
    let unknown = try container(keyedBy: AnyKey.self).allKeys.filter { !known.contains($0.stringValue) }
    if let first = unknown.first {
      let why = "unknown field '\(first.stringValue)'"
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath + [first], debugDescription: why))
    }
    return try container(keyedBy: type)
  }
}

extension KeyedDecodingContainer {
  func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback
  }
}
