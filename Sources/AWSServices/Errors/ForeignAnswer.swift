internal import AWSValues
internal import HTTP
internal import Secrets

/// A response that AWS did not write.
package struct ForeignAnswer: Equatable, Sendable {
  package let status: Int
  package let contentType: String?
  /// The first bytes of the body, with all but visible ASCII and spaces escaped; empty where there is no body, or where
  /// it could hold credentials.
  package let start: String

  package init(status: Int, contentType: String?, start: String) {
    self.status = status
    self.contentType = contentType
    self.start = start
  }

  init(_ response: borrowing HTTPResponse) {
    self.status = response.status
    self.contentType = response.headers["content-type"].map { $0.displayText(limit: 100) }
    self.start = response.body.withBytes { bytes in
      let excerpt = bytes.extracting(..<min(bytes.count, ForeignAnswer.excerptLength))
      return excerpt.indices.map { Self.shown(excerpt[$0]) }.joined()
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    let scalar = Unicode.Scalar(byte)
    return (0x20...0x7e).contains(byte) ? String(scalar) : scalar.escaped
  }

  private static let excerptLength = 80
}
