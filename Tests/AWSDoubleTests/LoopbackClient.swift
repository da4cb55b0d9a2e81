import AWSDouble
import Glibc

/// One request over one connection, byte for byte as given.
enum LoopbackClient {
  /// nil when the double closed the connection without an answer.
  static func send(_ request: WireRequest, toPort port: UInt16) -> Answer? {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    guard connect(socket, port) else { return nil }
    write(bytes(of: request), to: socket)
    return Answer(readAll(from: socket))
  }

  private static func bytes(of request: WireRequest) -> [UInt8] {
    let headers = request.headers + [("Content-Length", String(request.body.count)), ("Connection", "close")]
    let head = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
    return Array("\(request.method) \(request.target) HTTP/1.1\r\n\(head)\r\n".utf8) + request.body
  }

  private static func connect(_ socket: Int32, _ port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func write(_ bytes: [UInt8], to socket: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  private static func readAll(from socket: Int32) -> [UInt8] {
    var (all, part) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while true {
      let count = read(socket, &part, part.count)
      guard count > 0 else { return all }
      all += part[..<count]
    }
  }
}
