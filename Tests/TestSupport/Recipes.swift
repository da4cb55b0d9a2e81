internal import Foundation

/// What daypass-recipes(7) tells people to copy.
package enum Recipes {
  /// The blocks of a subsection, as they are shown.
  package static func blocks(under title: String) throws -> [String] {
    let page = URL(filePath: #filePath).appending(path: "../../../man/daypass-recipes.7").standardized
    let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: ".Ss \(title)") else { throw SetupFailure("no recipe for \(title)") }
    var blocks: [String] = []
    var isShown = false
    for line in lines[(start + 1)...].prefix(while: { !$0.hasPrefix(".S") }) {
      if line.hasPrefix(".Bd") {
        isShown = true
        blocks.append("")
      } else if line == ".Ed" {
        isShown = false
      } else if isShown {
        blocks[blocks.count - 1] += shown(line) + "\n"
      }
    }
    return blocks
  }

  /// A line without roff(7)'s escapes.
  private static func shown(_ line: Substring) -> String {
    String(line).replacing("\\(dq", with: "\"").replacing("\\&", with: "").replacing("\\e", with: "\\")
  }
}
