import AWSServices
import AWSValues
import FoundationEssentials

/// Reads and writes times: what is written reads back the same, and the calendar agrees with counting days.
enum TimesTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    switch input.byte() % 3 {
    case 0: try checkText(String(decoding: input.remainder(), as: UTF8.self))
    case 1: try checkMoment(secondsSince1970: Int(truncatingIfNeeded: input.number()) % 253_402_300_800)
    case _: try checkZone(&input)
    }
  }

  private static func checkText(_ text: String) throws {
    for date in [Date(timestamp: text), Date(httpDate: text)].compactMap({ $0 }) {
      // A zone may reach a day beyond the years that can be written.
      try demand(abs(date.timeIntervalSince1970 - 95_617_584_000) < 157_800_000_000, "\(text) is \(date)")
      _ = date.rfc3339
    }
  }

  private static func checkMoment(secondsSince1970 wish: Int) throws {
    let seconds = max(wish, ReferenceTime.firstSecond)
    let time = CivilTime(secondsSince1970: seconds)
    let reference = ReferenceTime(secondsSince1970: seconds)
    let parts = [time.year, time.month, time.day, time.hour, time.minute, time.second]
    let isRare = (time.month, time.day) == (1, 31)
    try demand(Planted.bug(in: parts, when: isRare, []) == reference.parts, "\(parts) should be \(reference.parts)")
    try demand(time.secondsSince1970 == seconds, "\(time) came back as \(time.secondsSince1970)")
    let date = Date(timeIntervalSince1970: Double(seconds))
    try demand(date.rfc3339 == reference.rfc3339, "\(date.rfc3339) should be \(reference.rfc3339)")
    for text in reference.spellings {
      try demand(Date(timestamp: text) == date, "\(text) was read as \(String(describing: Date(timestamp: text)))")
    }
    try demand(Date(httpDate: reference.httpDate) == date, "the header \(reference.httpDate) was misread")
  }

  private static func checkZone(_ input: inout FuzzInput) throws {
    let seconds = Int(input.number() % 253_402_300_800)
    let (hours, minutes) = (Int(input.byte() % 24), Int(input.byte() % 60))
    let zone = "\(two(hours)):\(two(minutes))"
    let local = ReferenceTime(secondsSince1970: seconds).rfc3339.dropLast()
    for (sign, direction) in [("+", -1), ("-", 1)] {
      let expected = Date(timeIntervalSince1970: Double(seconds + direction * (hours * 3600 + minutes * 60)))
      try demand(Date(timestamp: local + sign + zone) == expected, "\(local)\(sign)\(zone) should be \(expected)")
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
