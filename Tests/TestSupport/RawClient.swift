internal import Foundation
import Glibc

/// A client of a server on loopback that sends what it likes, byte for byte.
package final class RawClient: Sendable {
  private let descriptor: Int32

  package init(port: Int) {
    descriptor = LoopbackServer.beginConnection(to: port)
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    poll(&entry, 1, 60_000)
    _ = fcntl(descriptor, F_SETFL, 0)
  }

  deinit { close(descriptor) }

  package func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  package func write(_ text: String) { write(Array(text.utf8)) }

  /// What the server says until it closes the connection.
  package func answer() -> RawAnswer { RawAnswer(text()) }

  package func text() -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { text += buffer.prefix(count) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether the server has closed the connection without a word by now.
  package var isCutOff: Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK))
    return count == 0 || (count < 0 && errno == ECONNRESET)
  }
}

package struct RawAnswer: Equatable, Sendable {
  /// The first line; empty if nothing came.
  package let status: String
  package let headers: [String]
  package let body: String

  package init(_ text: String) {
    let parts = text.components(separatedBy: "\r\n\r\n")
    let lines = parts[0].components(separatedBy: "\r\n")
    (status, headers) = (lines[0], lines.dropFirst().sorted())
    body = parts.dropFirst().joined(separator: "\r\n\r\n")
  }

  /// `200`, or nothing.
  package var code: String { String(status.dropFirst("HTTP/1.1 ".count).prefix(3)) }
}
