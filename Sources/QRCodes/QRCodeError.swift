/// Why there is no QR code.
package enum QRCodeError: Error, Equatable {
  case libraryMissing(String, package: String)
  /// The seed is empty or holds something other than base32 (RFC 4648, 6).
  case seedNotBase32
  /// The text has more than `limit` bytes.
  case textTooLong(limit: Int)
  /// libqrencode, or the process it works in, failed with this errno.
  case failed(errno: Int32)
}
