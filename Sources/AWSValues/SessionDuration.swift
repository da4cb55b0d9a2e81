/// How long a session lasts, in whole seconds.
package struct SessionDuration: Equatable, Comparable, Sendable {
  package var seconds: Int

  package init(seconds: Int) {
    self.seconds = seconds
  }

  /// Reads `900`, `15m`, `12h` or `1d`; nil for anything else.
  package init?(_ text: String) {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    var digits = text[...]
    var unit = 1
    if let last = text.last, let named = units[last] {
      digits = digits.dropLast()
      unit = named
    }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) else {
      return nil
    }
    let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.seconds = seconds
  }

  package static func < (left: SessionDuration, right: SessionDuration) -> Bool { left.seconds < right.seconds }

  /// The limit AWS sets for roles assumed with temporary credentials.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  package static let roleChainingLimit = SessionDuration(seconds: 3600)
}
