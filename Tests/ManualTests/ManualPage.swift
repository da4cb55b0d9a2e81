import Foundation

/// A page of the manual, in mdoc(7).
struct ManualPage {
  let name: String
  let lines: [String]

  init(_ name: String) throws {
    self.name = name
    lines = try Project.text("man/\(name).1").split(separator: "\n").map(String.init)
  }

  static func all() throws -> [ManualPage] {
    try Project.names(in: "man").map { try ManualPage(String($0.dropLast(2))) }
  }

  /// The rest of the first line that begins with `macro`.
  func argument(of macro: String) -> String? {
    lines.first { $0.hasPrefix(macro + " ") }.map { String($0.dropFirst(macro.count + 1)) }
  }

  func section(_ title: String) -> ArraySlice<String> {
    let body = lines.drop { $0 != ".Sh " + title }.dropFirst()
    return body.prefix { !$0.hasPrefix(".Sh ") }
  }

  /// The flags that have an entry of their own: `--json`, `-h`.
  var listedFlags: Set<String> {
    Set(lines.filter { $0.hasPrefix(".It Fl ") }.flatMap(Self.flags))
  }

  var synopsisFlags: Set<String> { Set(section("SYNOPSIS").flatMap(Self.flags)) }
  var mentionedFlags: Set<String> { Set(lines.flatMap(Self.flags)) }

  /// The options listed with a value, with the value's name.
  var listedValues: [String: String] {
    let entries = lines.compactMap { try? /\.It Fl -([a-z-]+) Ar (.+)/.wholeMatch(in: $0)?.output }
    return Dictionary(entries.map { ("--" + $0.1, String($0.2)) }) { first, _ in first }
  }

  /// The words marked with `macro`, in the lines given.
  static func words(marked macro: String, in lines: some Sequence<String>) -> Set<String> {
    let marked = lines.filter { $0.split(separator: " ").contains { $0 == macro || $0 == "." + macro } }
    return Set(marked.flatMap { $0.split(separator: " ").map(String.init) })
  }

  /// `Fl -json` and `Fl h , Fl -help`; `Fl - ` is `--` itself.
  private static func flags(in line: String) -> [String] {
    let macros = line.matches(of: /(?:Fl|\|) (-?[a-z][a-z-]*)/).map { "-" + $0.1 }
    return line.hasPrefix(".") && line.contains("Fl ") ? macros : []
  }
}
