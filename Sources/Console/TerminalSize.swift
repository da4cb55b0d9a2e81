/// What a terminal has room for, in characters.
package struct TerminalSize: Equatable, Sendable {
  package let columns: Int
  package let rows: Int
}
