/// C strings in locked memory with the array of pointers that execve(2) wants; wiped when its owner ends.
@safe
package struct CStringVector: ~Copyable {
  private var storage = SecretBytes()
  private var offsets: [Int] = []

  /// Strings without a NUL in them; text after one would be lost.
  package init(_ strings: [[UInt8]]) {
    for string in strings {
      offsets.append(storage.count)
      storage.append(string.span)
      storage.append(0)
    }
  }

  /// Adds the environment entry `name=value`, whose bytes hold no NUL.
  package mutating func append(name: String, value: borrowing Span<UInt8>) {
    offsets.append(storage.count)
    storage.append(name)
    storage.append(UInt8(ascii: "="))
    storage.append(value)
    storage.append(0)
  }

  /// Lends the null-terminated array of pointers to `body`.
  package func withPointers<Result>(_ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: offsets.count + 1)
    defer { unsafe pointers.deallocate() }
    return storage.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { raw in
        let start = unsafe UnsafeMutableRawPointer(mutating: raw.baseAddress)?.assumingMemoryBound(to: CChar.self)
        for (index, offset) in offsets.enumerated() {
          unsafe (pointers + index).initialize(to: start.map { unsafe $0 + offset })
        }
        unsafe (pointers + offsets.count).initialize(to: nil)
        return unsafe body(pointers)
      }
    }
  }
}
