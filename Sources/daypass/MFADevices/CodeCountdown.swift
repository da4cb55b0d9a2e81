import FoundationEssentials
import OneTimeCodes

/// How long the device shows its code still; the texts keep their width while the seconds pass.
struct CodeCountdown: Sendable {
  let now: @Sendable () -> Date

  /// ` 7 s` until the next code.
  var untilNext: String {
    let time = now()
    return Self.padded(Int(TimeStep(at: time).end.timeIntervalSince(time).rounded(.up))) + " s"
  }

  /// `in  7 s` while `step` lasts, `now` afterwards.
  func arrival(after step: TimeStep) -> String {
    TimeStep(at: now()) > step ? "now" : "in " + untilNext
  }

  private static func padded(_ number: Int) -> String { number < 10 ? " \(number)" : "\(number)" }
}
