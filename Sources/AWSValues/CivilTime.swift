/// A date and time of day in the Gregorian calendar, in UTC.
package struct CivilTime: Equatable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  /// 60 in a leap second.
  package var second: Int

  /// Nil where there is no such day or time.
  package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), (1...CivilTime.days(in: month, of: year)).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, second)
  }

  package init(secondsSince1970 seconds: Int) {
    let days = Int((Double(seconds) / 86400).rounded(.down))
    let time = seconds - days * 86400
    (year, month, day) = CivilTime.date(daysSince1970: days)
    (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
  }

  package var secondsSince1970: Int {
    daysSince1970 * 86400 + hour * 3600 + minute * 60 + second
  }

  // Both directions count in eras of 400 years, which begin on 1 March: the leap day is then the last of its year.
  // http://howardhinnant.github.io/date_algorithms.html

  private var daysSince1970: Int {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - CivilTime.daysBefore1970
  }

  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + daysBefore1970
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: daysPerEra)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9, day)
  }

  private static let daysPerEra = 146_097
  private static let daysBefore1970 = 719_468

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
