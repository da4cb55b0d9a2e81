import AWSValues
import FoundationEssentials
import Glibc

/// Facts a command prints, for people or, with `--json`, for programs.
protocol Report: Encodable {
  /// Whole lines.
  var text: String { get }
}

extension Report {
  /// One JSON document on lines of its own, keys in alphabetical order.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    return text.unicodeScalars.map(\.jsonText).joined() + "\n"
  }
}

extension Unicode.Scalar {
  /// What a terminal would not show as itself is escaped (RFC 8259, 7); the encoder does that up to U+001F only.
  fileprivate var jsonText: String {
    guard !isDisplayable, self != "\n" else { return String(self) }
    return String(self).utf16.map { "\\u" + String(0x1_0000 + Int($0), radix: 16).dropFirst() }.joined()
  }
}

// MARK: - Local clock time

extension Date {
  /// `14:05` on the day of `now`, `2026-11-22 02:05` on another, in the user's time zone.
  func localClockTime(at now: Date) -> String {
    let (day, time) = (local("%Y-%m-%d"), local("%H:%M"))
    return day == now.local("%Y-%m-%d") ? time : "\(day) \(time)"
  }

  /// By a pattern of strftime(3).
  private func local(_ pattern: String) -> String {
    var seconds = time_t(timeIntervalSince1970)
    var fields = unsafe tm()
    unsafe localtime_r(&seconds, &fields)
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      unsafe strftime(start, buffer.count, pattern, &fields)
      return unsafe String(cString: start)
    }
  }
}

// MARK: - Table

/// Text in columns, each as wide as its widest cell.
struct Table {
  let header: [String]
  let rows: [[String]]

  /// Without the columns that have `-` in every row.
  var withoutEmptyColumns: Table {
    let used = header.indices.filter { column in rows.contains { $0[column] != "-" } }
    return Table(header: used.map { header[$0] }, rows: rows.map { row in used.map { row[$0] } })
  }

  var text: String { text(width: nil) }

  /// Whole lines of at most `width` characters; cells are shown with control characters made visible, and cut if they have
  /// to be.
  func text(width: Int?) -> String {
    let lines = ([header] + rows).map { $0.map { $0.displayText() } }
    let natural = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let widths = Self.fitted(natural, to: width)
    return lines.map { line in
      let cells = zip(line, widths).map { cell, width in Self.cell(cell, of: width) }
      return Self.withoutTrailingSpaces(cells.joined(separator: Self.gap)) + "\n"
    }.joined()
  }

  private static let gap = "  "
  /// No column is cut below this.
  private static let narrowest = 4

  /// The widths of columns in a line of `width`: the widest column gives way first.
  private static func fitted(_ widths: [Int], to width: Int?) -> [Int] {
    guard let width else { return widths }
    var widths = widths
    var excess = widths.reduce(0, +) + gap.count * max(0, widths.count - 1) - width
    while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > narrowest {
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private static func cell(_ text: String, of width: Int) -> String {
    text.count > width ? text.prefix(width - 1) + "…" : text.padded(to: width)
  }

  private static func withoutTrailingSpaces(_ line: String) -> Substring {
    line[...(line.lastIndex { $0 != " " } ?? line.startIndex)]
  }
}

extension String {
  /// The same, padded with blanks to `width` characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

// MARK: - Time span

/// A time span as people say it: `11 h 59 min`, `42 s`.
struct TimeSpan {
  let seconds: Int

  var text: String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min"
    default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
  }

  var left: String { seconds < 0 ? "expired" : text + " left" }

  /// With the scope that narrows the session: `59 min left (read-only)`.
  func left(of scope: String?) -> String { left + (scope.map { " (\($0))" } ?? "") }
}
