/// What stands before an answer: a text, or one that changes while it waits, such as a countdown.
package struct Question: Sendable {
  let text: @Sendable () -> String
  let isLive: Bool

  package init(_ text: String) {
    self.text = { text }
    isLive = false
  }

  /// `text` is asked for again each second, and has to be as wide as before: the answer begun stands behind it.
  package init(live text: @escaping @Sendable () -> String) {
    self.text = text
    isLive = true
  }
}
