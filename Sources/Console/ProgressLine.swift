internal import AWSValues
internal import Delivery

/// A line on the terminal behind stderr that is written anew as a wait goes on; where stderr is none, it is written once.
package final class ProgressLine {
  private let output: Output
  private let diagnostics: Diagnostics
  private var shown: String?

  /// Characters of the bar.
  private static let width = 20

  package init(_ diagnostics: Diagnostics) {
    output = .standardError
    self.diagnostics = diagnostics
  }

  /// Shows what is waited for; `share` of the time that it can take is over.
  package func show(_ event: String, share: Double) {
    defer { shown = event }
    guard output.isTerminal else {
      if shown != event { diagnostics.note("waiting for " + event) }
      return
    }
    let filled = Int((min(1, max(0, share)) * Double(Self.width)).rounded())
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    write(Self.lineStart + "daypass: [\(bar)] waiting for \(event)".displayLine())
  }

  /// The same with a time instead of a bar.
  package func show(_ event: String, secondsLeft: Int) {
    defer { shown = event }
    guard output.isTerminal else {
      if shown != event { diagnostics.note("waiting \(secondsLeft) s for " + event) }
      return
    }
    write(Self.lineStart + "daypass: waiting \(secondsLeft) s for \(event)".displayLine())
  }

  /// Takes the line away.
  package func clear() {
    if shown != nil, output.isTerminal { write(Self.lineStart) }
    shown = nil
  }

  /// To the first column, and what stands there is erased (ECMA-48, 8.3.41).
  private static let lineStart = "\r\u{1b}[K"

  private func write(_ text: String) {
    _ = output.failure(writing: text.utf8.span)
  }
}
