import Glibc

/// Copies of the C strings of a null-terminated array such as `argv` or `environ`, byte for byte.
func rawStrings(_ strings: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> [[UInt8]] {
  var copies: [[UInt8]] = []
  while let string = unsafe strings[copies.count] {
    let bytes = unsafe UnsafeRawBufferPointer(start: string, count: strlen(string))
    unsafe copies.append(Array(bytes))
  }
  return copies
}
