import CLibsecret
internal import Secrets

/// A secret in libsecret's own locked memory, which wipes it when the last reference ends.
@safe
struct SecretValueReference: ~Copyable {
  let pointer: OpaquePointer
  private let library: Libsecret

  init?(owning pointer: OpaquePointer?, of library: Libsecret) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    self.library = library
  }

  init?(copying secret: borrowing SecretBytes, in library: Libsecret) {
    let value = unsafe secret.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe library.call.secret_value_new(
          buffer.baseAddress?.assumingMemoryBound(to: CChar.self), gssize(buffer.count), "application/octet-stream")
      }
    }
    unsafe self.init(owning: value, of: library)
  }

  deinit { unsafe library.call.secret_value_unref(UnsafeMutableRawPointer(pointer)) }

  /// The bytes, all of them: a zero byte ends nothing. Nil where they are more than `limit`.
  func bytes(upTo limit: Int) -> SecretBytes? {
    var count: gsize = 0
    let start = unsafe library.call.secret_value_get(pointer, &count)
    guard count <= limit else { return nil }
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: Int(count)).bindMemory(to: UInt8.self)
    return SecretBytes(copying: unsafe buffer.span)
  }
}
