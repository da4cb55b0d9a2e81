package import FoundationEssentials

/// What a signature holds for: one service, in one region, on one day.
package struct SigningScope: Equatable, Sendable {
  package let region: String
  package let service: String
  /// `20150830T123600Z`, for X-Amz-Date.
  package let timestamp: String

  package init(region: String, service: String, date: Date) {
    let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    self.region = region
    self.service = service
    self.timestamp = style.format(date)
  }

  /// `20150830`.
  package var day: String { String(timestamp.prefix(8)) }
  /// `20150830/us-east-1/sts/aws4_request`.
  package var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }

  static let terminator = "aws4_request"
}
