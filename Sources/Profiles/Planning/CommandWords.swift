/// The words of a command line, split at white space; `'…'`, `"…"` and `\` keep it within a word, as SDKs have it.
struct CommandWords {
  private(set) var words: [String] = []

  init(_ command: String) {
    var word: String?
    var quote: Character?
    var rest = command[...]
    while let character = rest.popFirst() {
      if character == "\\", quote != "'", let escaped = rest.popFirst() {
        word = (word ?? "") + String(escaped)
      } else if quote == nil, character.isWhitespace {
        words += [word].compactMap { $0 }
        word = nil
      } else if quote == character || (quote == nil && (character == "'" || character == "\"")) {
        quote = quote == nil ? character : nil
        word = word ?? ""
      } else {
        word = (word ?? "") + String(character)
      }
    }
    words += [word].compactMap { $0 }
  }
}
