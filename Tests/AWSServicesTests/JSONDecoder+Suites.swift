import Foundation

extension JSONDecoder {
  /// Reads JSON whose names begin with a capital, as AWS's do.
  static var ofSuites: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      let name = path.last?.stringValue ?? ""
      return Key(stringValue: name.prefix(1).lowercased() + name.dropFirst())
    }
    return decoder
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
      self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
  }
}
