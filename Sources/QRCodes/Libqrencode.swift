import CQRencode
import Glibc
internal import Secrets

/// libqrencode, opened on first use.
@safe
struct Libqrencode: @unchecked Sendable {
  private static let opened = Libqrencode()
  private static let textLimit = Int(LIBQRENCODE_TEXT_LIMIT)
  private static let largestCode = Int(LIBQRENCODE_WIDTH_LIMIT * LIBQRENCODE_WIDTH_LIMIT)
  private let functions: UnsafePointer<libqrencode_functions>

  private init?() {
    guard let functions = unsafe libqrencode_load() else { return nil }
    unsafe self.functions = functions
  }

  static func open() throws(QRCodeError) -> Libqrencode {
    guard let opened else { throw .libraryMissing("libqrencode.so.4", package: "libqrencode4") }
    return opened
  }

  /// Puts the modules of a code that says `text` into `modules`, row by row, and gives back how many a row has.
  func encode(_ text: borrowing SecretBytes, into modules: inout SecretBytes) throws(QRCodeError) -> Int {
    guard text.count <= Self.textLimit else { throw .textTooLong(limit: Self.textLimit) }
    var width = 0
    try text.withBytes { text throws(QRCodeError) in
      try modules.append(upTo: Self.largestCode) { modules throws(QRCodeError) in
        width = try encode(text, into: &modules)
        return width * width
      }
    }
    return width
  }

  private func encode(_ text: borrowing Span<UInt8>, into modules: inout MutableSpan<UInt8>) throws(QRCodeError) -> Int
  {
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
