import AWSValues

/// Text in columns, each as wide as its widest cell.
struct Table {
  let header: [String]
  let rows: [[String]]

  /// Whole lines; cells are shown with control characters made visible.
  var text: String {
    let lines = ([header] + rows).map { $0.map { $0.displayText() } }
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return Self.withoutTrailingSpaces(cells.joined(separator: "  ")) + "\n"
    }.joined()
  }

  private static func withoutTrailingSpaces(_ line: String) -> Substring {
    line[...(line.lastIndex { $0 != " " } ?? line.startIndex)]
  }
}
