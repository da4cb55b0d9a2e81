import CQRencode
import Glibc
package import POSIX
package import Secrets

/// A QR code (ISO/IEC 18004) of a secret. Its picture is kept in secret memory too: whoever sees it has the secret.
package struct QRCode: ~Copyable, Sendable {
  /// Modules per side, without the margin.
  package let width: Int
  private let modules: SecretBytes

  /// The smallest code for `text`, with error correction level L: a screen is neither dirty nor torn.
  /// - Throws: `libraryMissing`; `failed` with ERANGE if the text is too long.
  package init(encoding text: borrowing SecretBytes) throws(QRCodeError) {
    let library = try libqrencode.get()
    var width = 0
    var modules = SecretBytes()
    try text.withBytes { text throws(QRCodeError) in
      let largestCode = Int(LIBQRENCODE_WIDTH_LIMIT * LIBQRENCODE_WIDTH_LIMIT)
      try modules.append(upTo: largestCode) { modules throws(QRCodeError) in
        width = try library.encode(text, into: &modules)
        return width * width
      }
    }
    self.width = width
    self.modules = modules
  }

  /// 1 for a dark module, 0 for a light one; everything outside the code is light.
  private func module(column: Int, row: Int) -> UInt8 {
    guard (0..<width).contains(column), (0..<width).contains(row) else { return 0 }
    return modules.withBytes { $0[row * width + column] }
  }
}

// MARK: - Libqrencode

private typealias Libqrencode = SharedLibrary<libqrencode_functions>

private let libqrencode = unsafe Libqrencode.opened(
  libqrencode_load(), else: LibraryMissing("libqrencode.so.4", package: "libqrencode4")
).mapError(QRCodeError.libraryMissing)

extension Libqrencode {
  /// Writes the modules of a code for `text` into `modules`, row by row, and returns the number of modules per row.
  fileprivate func encode(
    _ text: borrowing Span<UInt8>, into modules: inout MutableSpan<UInt8>
  ) throws(QRCodeError) -> Int {
    let width = unsafe modules.withUnsafeMutableBufferPointer { modules -> Int32 in
      unsafe text.withUnsafeBytes { text -> Int32 in
        guard let start = text.baseAddress, let modules = modules.baseAddress else { return -1 }
        return unsafe libqrencode_encode(functions, start, text.count, modules)
      }
    }
    guard width > 0 else { throw .failed(errno: errno) }
    return Int(width)
  }
}

// MARK: - PNG

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

// MARK: - Terminal text

extension QRCode {
  /// This code as text of at most `rows` lines of `columns` characters for a terminal that reads UTF-8, without a line
  /// break at the end; nil if it does not fit.
  ///
  /// A character shows two modules, one above the other. SGR (ECMA-48, 8.3.117) sets black on white, so that dark
  /// terminals show the code as light ones do.
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
  // Bright white is an extension of xterm's; a terminal that does not know it uses the first colour.
  private static let blackOnWhite = "\u{1b}[0;30;47;107m"
  private static let ownColours = "\u{1b}[0m"
  private static let blocks = [" ", "▄", "▀", "█"]

  private func block(column: Int, row: Int) -> String {
    Self.blocks[Int(module(column: column, row: row) << 1 | module(column: column, row: row + 1))]
  }
}

/// Why there is no QR code.
package enum QRCodeError: Error, Equatable {
  case libraryMissing(LibraryMissing)
  /// libqrencode, or the process it works in, failed with this errno.
  case failed(errno: Int32)
}
