package import Secrets

extension QRCode {
  /// This code as a PNG file, black and white, with the margin the standard asks for.
  package func png() -> SecretBytes {
    let modules = -Self.margin..<width + Self.margin
    var pixels = StoredZlibStream()
    for row in modules {
      let line = pixelLine(row, modules)
      for _ in 0..<Self.pixelsPerModule {
        pixels.append(line)
      }
    }
    return PNGDocument.blackAndWhite(side: modules.count * Self.pixelsPerModule, pixels: pixels.finished())
  }

  private static let margin = 4
  /// Eight, so that a module is a byte in a line of one-bit pixels.
  private static let pixelsPerModule = 8

  /// A line of pixels with its filter byte, 0 for none.
  private func pixelLine(_ row: Int, _ columns: Range<Int>) -> SecretBytes {
    var line = SecretBytes(capacity: columns.count + 1)
    line.append(0)
    for column in columns { line.append(module(column: column, row: row) == 0 ? 0xff : 0) }
    return line
  }
}
