extension Terminal {
  /// Whether a terminal in this environment shows `▀` and `▄` in colours: by `TERM`, and by the characters of the locale
  /// (locale(7): the first of three variables that says anything).
  package static func showsBlocks(in environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let characters = locale.lowercased().split(separator: ".").dropFirst().first?.prefix { $0 != "@" }
    return ["utf-8", "utf8"].contains(characters) && !["", "dumb"].contains(environment["TERM"] ?? "")
  }
}
