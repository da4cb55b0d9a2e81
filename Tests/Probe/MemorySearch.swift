import Glibc
import Secrets

/// Looks for secrets in all memory of this process, freed memory and stacks too.
///
/// It takes no memory while it looks, since that would be memory that others have freed, and would overwrite it.
struct MemorySearch {
  /// The secrets with their bits inverted, so that they are not found here.
  private var inverted: [[UInt8]] = []
  /// The secret that is looked for.
  private let wanted = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 4_096)
  /// The text of /proc/self/maps (proc(5)).
  private let maps = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4_096)

  mutating func add(_ secret: borrowing SecretBytes, _ range: Range<Int>) {
    inverted.append(secret.withBytes { bytes in range.map { ~bytes[$0] } })
  }

  /// How often the secret that was added as number `index` is found.
  func count(_ index: Int) -> Int {
    for (place, byte) in inverted[index].enumerated() { wanted[place] = ~byte }
    defer { wanted.initializeMemory(as: UInt8.self, repeating: 0) }
    let length = readMaps()
    var count = 0
    var place = 0
    while place < length {
      let start = number(at: &place)
      let end = number(at: &place)
      if maps[place] == UInt8(ascii: "r"), maps[place + 1] == UInt8(ascii: "w") {
        count += self.count(inverted[index].count, from: start, to: end)
      }
      while maps[place] != UInt8(ascii: "\n") { place += 1 }
      place += 1
    }
    // Once it is found where it has just been put.
    return count - 1
  }

  private func readMaps() -> Int {
    let file = open("/proc/self/maps", O_RDONLY)
    defer { close(file) }
    var length = 0
    while case let count = read(file, maps.baseAddress.map { $0 + length }, maps.count - length), count > 0 {
      length += count
    }
    return length
  }

  /// The hexadecimal number at `place`, which then is after the character that ends it.
  private func number(at place: inout Int) -> UInt {
    var number: UInt = 0
    while maps[place] != UInt8(ascii: "-"), maps[place] != UInt8(ascii: " ") {
      let digit = maps[place]
      number =
        number << 4 | UInt(digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10)
      place += 1
    }
    place += 1
    return number
  }

  private func count(_ length: Int, from start: UInt, to end: UInt) -> Int {
    guard var start = UnsafeRawPointer(bitPattern: start), let end = UnsafeRawPointer(bitPattern: end),
      let secret = wanted.baseAddress
    else { return 0 }
    var count = 0
    while let found = memchr(start, Int32(wanted[0]), end - start), end - UnsafeRawPointer(found) >= length {
      if memcmp(found, secret, length) == 0 { count += 1 }
      start = UnsafeRawPointer(found) + 1
    }
    return count
  }
}
