package import Secrets

/// A QR code (ISO/IEC 18004) of a secret; whoever sees its picture has the secret, so that is secret memory too.
package struct QRCode: ~Copyable, Sendable {
  /// Modules a side, without the margin.
  package let width: Int
  private let modules: SecretBytes

  /// The smallest code that says `text`, of error correction level L: a screen has no dirt and no tears.
  /// - Throws: `libraryMissing`, `textTooLong`, `failed`.
  package init(encoding text: borrowing SecretBytes) throws(QRCodeError) {
    let library = try Libqrencode.open()
    var modules = SecretBytes()
    let width = try library.encode(text, into: &modules)
    self.width = width
    self.modules = modules
  }

  /// 1 for a dark module, 0 for a light one; all around the code it is light.
  func module(column: Int, row: Int) -> UInt8 {
    guard (0..<width).contains(column), (0..<width).contains(row) else { return 0 }
    return modules.withBytes { $0[row * width + column] }
  }
}
