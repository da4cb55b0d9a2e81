import TestSupport

/// A moment between the years 1 and 9999, in the form in which timestamps.py reads it.
struct RandomMoment: Encodable {
  let seconds: Int
  /// 64ths of a second, which a `Date` holds exactly.
  let fraction64: Int
  let zoneMinutes: Int

  init(_ random: inout SeededGenerator) {
    // Half of them where sessions live, half anywhere.
    let range = random.isOne(in: 2) ? 0...4_102_444_800 : -62_135_596_800...253_402_300_799
    (seconds, fraction64) = (random.number(range), random.isOne(in: 4) ? 0 : random.number(0...63))
    zoneMinutes = random.number(-1_439...1_439)
  }
}

/// A date and time of day that need not exist.
struct RandomCivilTime: Encodable {
  let year, month, day, hour, minute, second: Int

  init(_ random: inout SeededGenerator) {
    year = random.isOne(in: 2) ? random.number(1_900...2_100) : random.number(0...9_999)
    month = random.isOne(in: 3) ? 2 : random.number(0...13)
    day = random.isOne(in: 2) ? random.number(27...32) : random.number(0...32)
    (hour, minute) = (random.number(0...24), random.number(0...60))
    // Not 60: leap seconds are times to AWS and to us, and not to Python.
    second = random.isOne(in: 20) ? random.number(61...99) : random.number(0...59)
  }

  var text: String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))Z"
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    String(String(number + 10_000).suffix(width))
  }
}
