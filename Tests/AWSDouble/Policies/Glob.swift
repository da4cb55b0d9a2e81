/// A pattern of a policy, in which `*` is any text and `?` any character.
struct Glob {
  private let pattern: ArraySlice<Character>

  init(_ pattern: String) { self.pattern = Array(pattern)[...] }

  func matches(_ text: String) -> Bool { Self.matches(pattern, Array(text)[...]) }

  private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
    }
    guard let next = text.first, first == "?" || first == next else { return false }
    return matches(pattern.dropFirst(), text.dropFirst())
  }
}
