/// Why the bytes of a keyring item are not what we wrote.
package enum PayloadError: Error, Equatable {
  case truncated
  case checksum
  case malformed
  /// Written by another version of daypass.
  case unknownVersion(UInt8)
}
