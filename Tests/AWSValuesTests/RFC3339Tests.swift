import FoundationEssentials
import Testing

@testable import AWSValues

struct RFC3339Tests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00Z"), (1_795_248_000, "2026-11-21T08:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (951_782_399.999, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
  ])
  func `a date is written as SDKs read an expiration`(seconds: Double, text: String) {
    #expect(Date(timeIntervalSince1970: seconds).rfc3339 == text)
  }

  @Test(arguments: [
    (253_402_300_800, "9999-12-31T23:59:59Z"), (-62_135_596_801, "0001-01-01T00:00:00Z"),
    (Double.infinity, "9999-12-31T23:59:59Z"), (1e300, "9999-12-31T23:59:59Z"),
  ])
  func `a date that RFC 3339 cannot write becomes the nearest it can`(seconds: Double, text: String) {
    #expect(Date(timeIntervalSince1970: seconds).rfc3339 == text)
  }
}
