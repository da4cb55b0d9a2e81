package import Secrets

extension QRCode {
  /// This code as text of at most `rows` lines of `columns` characters for a terminal that reads UTF-8, without a line
  /// break at the end; nil where it does not fit.
  ///
  /// A character shows two modules, one above the other. Black on white is asked for by SGR (ECMA-48, 8.3.117), so that
  /// dark terminals show it as light ones do.
  package func terminalText(columns: Int, rows: Int) -> SecretBytes? {
    let margin = Self.margins.first { width + 2 * $0 <= columns && (width + 2 * $0 + 1) / 2 <= rows }
    guard let margin else { return nil }
    let lines = stride(from: -margin, to: width + margin, by: 2)
    var text = SecretBytes(capacity: (width + 2 * margin) * (width + 2 * margin) * 2)
    for row in lines {
      if row != -margin { text.append("\r\n") }
      text.append(Self.blackOnWhite)
      for column in -margin..<width + margin { text.append(block(column: column, row: row)) }
      text.append(Self.ownColours)
    }
    return text
  }

  /// Light modules around the code, best first: the standard asks for four, two are enough for every camera we know.
  private static let margins = [4, 3, 2]
  // The brighter white is an extension of xterm's; where it is unknown the first one counts.
  private static let blackOnWhite = "\u{1b}[0;30;47;107m"
  private static let ownColours = "\u{1b}[0m"
  private static let blocks = [" ", "▄", "▀", "█"]

  private func block(column: Int, row: Int) -> String {
    Self.blocks[Int(module(column: column, row: row) << 1 | module(column: column, row: row + 1))]
  }
}
