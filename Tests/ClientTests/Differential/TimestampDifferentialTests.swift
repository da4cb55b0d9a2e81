import AWSServices
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct TimestampDifferentialTests {
  @Test func `10000 moments are written and read as Python writes them`() throws {
    var random = SeededGenerator(seed: 10_000)
    let moments = (0..<10_000).map { _ in RandomMoment(&random) }
    let texts = try Python.answers(to: moments, from: "timestamps", "write", as: Texts.self)
    try #require(texts.count == moments.count)
    let wrong = zip(moments, texts).flatMap { $1.disagreements(with: $0) }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
  }

  @Test func `10000 dates and times exist, or not, as they do for Python`() throws {
    var random = SeededGenerator(seed: 29)
    let times = (0..<10_000).map { _ in RandomCivilTime(&random) }
    let seconds = try Python.answers(to: times, from: "timestamps", "read", as: Int?.self)
    try #require(seconds.count == times.count)
    let wrong = zip(times, seconds).filter { Date(timestamp: $0.text).map { Int($0.timeIntervalSince1970) } != $1 }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
    #expect(seconds.contains(nil) && seconds.contains { $0 != nil })
  }
}

/// One moment as Python writes it.
private struct Texts: Decodable {
  let seconds: String
  let microseconds: String
  let compact: String
  let http: String
  let zoned: String?

  func disagreements(with moment: RandomMoment) -> [String] {
    let whole = Date(timeIntervalSince1970: TimeInterval(moment.seconds))
    let exact = Date(timeIntervalSince1970: TimeInterval(moment.seconds) + TimeInterval(moment.fraction64) / 64)
    let readings: [(text: String?, read: Date?, expected: Date)] = [
      (seconds, Date(timestamp: seconds), whole), (microseconds, Date(timestamp: microseconds), exact),
      (compact, Date(timestamp: compact), whole), (http, Date(httpDate: http), whole),
      (http, Date(timestamp: http), whole), (zoned, zoned.flatMap(Date.init(timestamp:)), exact),
      (String(moment.seconds), moment.seconds < 0 ? whole : Date(timestamp: String(moment.seconds)), whole),
    ]
    let misread = readings.filter { $0.text != nil && $0.read != $0.expected }.map { "\($0)" }
    return misread + (exact.rfc3339 == seconds ? [] : ["\(exact.rfc3339) for \(seconds)"])
  }
}
