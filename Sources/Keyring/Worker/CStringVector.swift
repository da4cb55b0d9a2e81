import Glibc

/// A null-terminated vector of C strings, as posix_spawn(3) takes it.
@safe
struct CStringVector: ~Copyable {
  let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    unsafe pointer = .allocate(capacity: count + 1)
    unsafe pointer.initialize(repeating: nil, count: count + 1)
    for (index, text) in texts.enumerated() { unsafe pointer[index] = strdup(text) }
  }

  deinit {
    for index in 0..<count { unsafe free(pointer[index]) }
    unsafe pointer.deallocate()
  }
}
