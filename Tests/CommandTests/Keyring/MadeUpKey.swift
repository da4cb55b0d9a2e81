import TestSupport

/// An access key that AWS never gave out.
struct MadeUpKey: Equatable {
  let id: String
  let secret: String

  init(id: String, secret: String) {
    self.id = id
    self.secret = secret
  }

  init(using generator: inout SeededGenerator) {
    id = "AKIA" + generator.text(16...16, of: Self.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    // Lengths differ, so that a mixture of two shows.
    secret = generator.text(
      30...80, of: Self.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
  }

  /// As `add --stdin` takes it.
  var lines: String { "\(id)\n\(secret)\n" }

  private static func characters(_ text: String) -> [String] { text.map(String.init) }
}
