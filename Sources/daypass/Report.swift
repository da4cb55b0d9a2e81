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
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

// MARK: - Local clock time

extension Date {
  /// `14:05` on the day of `now`, `2026-11-22 02:05` on another, in the user's time zone.
  func localClockTime(at now: Date) -> String {
    let (now, then) = unsafe (Self.local(now), Self.local(self))
    let isToday = unsafe now.tm_yday == then.tm_yday && now.tm_year == then.tm_year
    return unsafe Self.format(then, isToday ? "%H:%M" : "%Y-%m-%d %H:%M")
  }

  private static func local(_ date: Date) -> tm {
    var seconds = time_t(date.timeIntervalSince1970)
    var fields = unsafe tm()
    unsafe localtime_r(&seconds, &fields)
    return unsafe fields
  }

  private static func format(_ fields: tm, _ pattern: String) -> String {
    var fields = unsafe fields
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
}
