import Glibc
import Secrets

/// Looks for secrets in all memory of this process, freed memory and stacks too.
struct MemorySearch {
  /// The secrets with their bits inverted, so that they are not found here.
  private var inverted: [[UInt8]] = []

  mutating func add(_ secret: borrowing SecretBytes, _ range: Range<Int>) {
    inverted.append(secret.withBytes { bytes in range.map { ~bytes[$0] } })
  }

  /// How often each secret is found.
  func counts() -> [Int] {
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 4_096)
    defer { page.deallocate() }
    return inverted.map { secret in
      for (index, byte) in secret.enumerated() { page[index] = ~byte }
      defer { page.initializeMemory(as: UInt8.self, repeating: 0) }
      let wanted = UnsafeRawBufferPointer(rebasing: page[..<secret.count])
      // Once it is found where it has just been put.
      return writableMemory().map { Self.count(of: wanted, in: $0) }.reduce(0, +) - 1
    }
  }

  private static func count(of wanted: UnsafeRawBufferPointer, in memory: UnsafeRawBufferPointer) -> Int {
    guard let secret = wanted.baseAddress, var start = memory.baseAddress else { return 0 }
    let end = start + memory.count
    var count = 0
    while let found = memchr(start, Int32(wanted[0]), end - start), end - UnsafeRawPointer(found) >= wanted.count {
      if memcmp(found, secret, wanted.count) == 0 { count += 1 }
      start = UnsafeRawPointer(found) + 1
    }
    return count
  }

  /// proc(5), /proc/pid/maps.
  private func writableMemory() -> [UnsafeRawBufferPointer] {
    guard let file = fopen("/proc/self/maps", "r") else { return [] }
    defer { fclose(file) }
    var regions: [UnsafeRawBufferPointer] = []
    var line = [CChar](repeating: 0, count: 1_024)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let fields = text.split(separator: " ")
      let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
      guard fields[1].hasPrefix("rw"), ends.count == 2, let start = UnsafeRawPointer(bitPattern: ends[0]) else {
        continue
      }
      regions.append(UnsafeRawBufferPointer(start: start, count: Int(ends[1] - ends[0])))
    }
    return regions
  }
}
