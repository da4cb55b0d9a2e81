internal import Foundation
import Glibc

/// A server on 127.0.0.1 that records the raw bytes of each request and answers them with scripted bytes, one
/// connection after the other.
package final class LoopbackServer: @unchecked Sendable {
  /// What is done on one connection.
  package enum Step: Sendable {
    /// Reads a whole request, writes the bytes, and closes.
    case answer([UInt8])
    /// Writes the bytes again and again until the other side stops reading.
    case flood(head: String, [UInt8])
    /// Reads a whole request, writes the bytes, and waits until the other side closes.
    case stall([UInt8])
    /// Reads a whole request, writes the bytes, and breaks the connection (RST).
    case reset(after: [UInt8])
    /// Reads a whole request, writes the bytes, and closes its own direction only.
    case halfClose([UInt8])
    /// Reads a whole request and writes the bytes, each in a segment of its own.
    case drip([UInt8])
    /// Reads a whole request, writes the bytes, and then a blank every 10 ms until the other side closes.
    case trickle(after: [UInt8])
    /// Writes the bytes without waiting for a request.
    case greet([UInt8])
    /// Reads what the other side sends first, and closes.
    case listen
    /// Reads until the other side closes, and writes nothing.
    case hold
  }

  package let port: Int
  private let listener: Int32
  private let script: [Step]
  private let rest: Step
  private let done = DispatchSemaphore(value: 0)
  private var recorded: [[UInt8]] = []

  package convenience init(_ script: Step...) { self.init(script: script) }

  /// Connections beyond the script get its `rest`.
  package init(script: [Step], rest: Step = .listen) {
    (listener, port) = Self.listen()
    (self.script, self.rest) = (script, rest)
    Thread.detachNewThread { [self] in serve() }
  }

  /// Answers every connection alike.
  package convenience init(always step: Step) { self.init(script: [], rest: step) }

  package convenience init(answer: String) { self.init(.answer(Array(answer.utf8))) }

  /// Ends the server; the requests it got, also on connections beyond the script.
  package func requests() -> [String] {
    shutdown(listener, Int32(SHUT_RDWR))
    done.wait()
    done.signal()
    return recorded.map { String(decoding: $0, as: UTF8.self) }
  }

  package func requestBytes() -> [[UInt8]] {
    _ = requests()
    return recorded
  }

  private func serve() {
    var steps = script[...]
    while case let connection = accept(listener, nil, nil), connection >= 0 {
      set(SO_RCVTIMEO, of: SOL_SOCKET, to: timeval(tv_sec: Self.patience, tv_usec: 0), on: connection)
      perform(steps.popFirst() ?? rest, on: connection)
      close(connection)
    }
    close(listener)
    done.signal()
  }

  private func perform(_ step: Step, on connection: Int32) {
    switch step {
    case .answer(let bytes): respond(bytes, on: connection)
    case .flood(let head, let bytes):
      guard respond(Array(head.utf8), on: connection) else { return }
      let end = ContinuousClock.now + .seconds(Self.patience)
      while write(bytes, to: connection), .now < end {}
    case .stall(let bytes):
      respond(bytes, on: connection)
      while !read(connection).isEmpty {}
    case .reset(let bytes):
      respond(bytes, on: connection)
      set(SO_LINGER, of: SOL_SOCKET, to: linger(l_onoff: 1, l_linger: 0), on: connection)
    case .halfClose(let bytes):
      respond(bytes, on: connection)
      shutdown(connection, Int32(SHUT_WR))
      while !read(connection).isEmpty {}
    case .drip(let bytes):
      recorded.append(readRequest(connection))
      set(TCP_NODELAY, of: Int32(IPPROTO_TCP), to: Int32(1), on: connection)
      _ = bytes.allSatisfy { write([$0], to: connection) }
    case .trickle(let bytes):
      guard respond(bytes, on: connection) else { return }
      let end = ContinuousClock.now + .seconds(Self.patience)
      while write([0x20], to: connection), .now < end { poll(nil, 0, 10) }
    case .greet(let bytes):
      _ = write(bytes, to: connection)
      recorded.append(read(connection))
    case .listen: recorded.append(read(connection))
    case .hold: while !read(connection).isEmpty {}
    }
  }

  /// Reads a whole request, and writes the bytes; false if the other side does not take them.
  @discardableResult
  private func respond(_ bytes: [UInt8], on connection: Int32) -> Bool {
    recorded.append(readRequest(connection))
    return write(bytes, to: connection)
  }

  /// Longer than anybody waits, in seconds. Then the connection is closed, so that the test of a client that waits for
  /// ever fails, and does not hang.
  private static let patience = 60

  private func set<Value: BitwiseCopyable>(_ option: Int32, of level: Int32, to value: Value, on connection: Int32) {
    _ = withUnsafeBytes(of: value) { bytes in
      setsockopt(connection, level, option, bytes.baseAddress, socklen_t(bytes.count))
    }
  }

  private func readRequest(_ connection: Int32) -> [UInt8] {
    var request: [UInt8] = []
    while !Self.isWhole(request) {
      let part = read(connection)
      guard !part.isEmpty else { break }
      request += part
    }
    return request
  }

  private static func isWhole(_ request: [UInt8]) -> Bool {
    let text = String(decoding: request, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return false }
    let length = text.firstMatch(of: /(?i)\r\ncontent-length: (\d+)/).flatMap { Int($0.1) } ?? 0
    return text[end.upperBound...].utf8.count >= length
  }

  private func read(_ connection: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(connection, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(0, count)))
  }

  private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// A listening socket on a free port of 127.0.0.1, with room for some connections that nobody has accepted yet.
  package static func listen(room: Int32? = 16) -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(descriptor, $0, length) == 0)
        if let room { precondition(Glibc.listen(descriptor, room) == 0) }
        getsockname(descriptor, $0, &length)
      }
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// A socket that connects to `port` and may have to wait for it.
  package static func beginConnection(to port: Int) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = loopback(port: port)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return descriptor
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
  }
}
