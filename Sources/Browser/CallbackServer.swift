internal import Glibc
internal import Hashing
internal import POSIX
package import Secrets

/// Waits on 127.0.0.1 for the browser to come back from a sign-in (RFC 8252, 7.3), and answers once.
///
/// Every page that is open in a browser can send requests here. So only a request that names this very address and holds
/// the sign-in's `state` ends the wait, with the code or with the refusal it brings; the others' answer says that
/// nobody waits for them. One thread, one poll(2): Ctrl-C ends the process as always.
package struct CallbackServer: ~Copyable {
  private let listener: LoopbackListener
  /// For one request, from its connection to its last line.
  private let requestTimeout: Duration

  private let path: String
  private static let connectionLimit = 8

  /// Listens on a free port, before anybody can be told of it.
  package init(
    path: String = "/oauth/callback", requestTimeout: Duration = .seconds(10)
  ) throws(CallbackError) {
    self.path = path
    do throws(FileFailure) {
      listener = try LoopbackListener(backlog: Int32(Self.connectionLimit))
    } catch {
      guard case .call(let code) = error else { throw .notListening(errno: EIO) }
      throw .notListening(errno: code)
    }
    self.requestTimeout = requestTimeout
  }

  /// Where to send the browser.
  package var url: String { "http://\(authority)\(path)" }

  private var authority: String { "127.0.0.1:\(listener.port)" }

  /// The code of the sign-in that was begun with `state`; stops listening after that.
  ///
  /// The page's address, with `state` in it, is in a command line. Another user could sign in there, as themselves, so
  /// requests that the kernel attributes to one are refused.
  package consuming func code(
    for state: String, until deadline: ContinuousClock.Instant
  ) throws(CallbackError) -> SecretBytes {
    let expected = SecretBytes(copying: state)
    return try answer(until: deadline) { (connection, query) throws(CallbackError) in
      guard connection.client != .foreign else { return connection.refuse(.notFound) }
      switch CallbackReply(query: query, state: expected) {
      case .code(let code):
        connection.answer(.received)
        return code
      case .refusal(let refusal):
        connection.answer(.refused)
        throw .refused(refusal)
      case nil: return connection.refuse(.badRequest)
      }
    }
  }

  /// Redirects the next browser to `page` once, and stops listening. So the page's address, which may be as good as a
  /// password, is in no command line. Our own address is in one, so we answer this user only.
  package consuming func redirect(
    to page: borrowing SecretBytes, until deadline: ContinuousClock.Instant
  ) throws(CallbackError) {
    let page = page.clone()
    _ = try answer(until: deadline) { (connection, _) throws(CallbackError) -> SecretBytes? in
      guard connection.client == .ours else { return connection.refuse(.notFound) }
      connection.redirect(to: page)
      return SecretBytes()
    }
  }

  /// Hands each request for our address to `handle`, with its query, until that gives something.
  private func answer(
    until deadline: ContinuousClock.Instant,
    _ handle: (CallbackConnection, _ query: borrowing SecretBytes) throws(CallbackError) -> SecretBytes?
  ) throws(CallbackError) -> SecretBytes {
    var connections: [CallbackConnection] = []
    while ContinuousClock.now < deadline {
      try wait(for: &connections, until: deadline)
      for connection in connections where connection.isReadable && connection.read() {
        guard let query = query(on: connection) else { continue }
        if let result = try handle(connection, query) { return result }
      }
      connections.removeAll { $0.isOver || $0.deadline <= ContinuousClock.now }
      accept(into: &connections)
    }
    throw .timedOut
  }

  /// The query of a request for our address; nil while the request is incomplete. Answers any other request.
  private func query(on connection: CallbackConnection) -> SecretBytes? {
    guard !connection.isTooLong else { return connection.refuse(.tooLong) }
    guard let head = connection.head else { return nil }
    guard let request = CallbackRequest(head: head) else { return connection.refuse(.badRequest) }
    guard request.method == "GET" else { return connection.refuse(.wrongMethod) }
    guard request.host == authority else { return connection.refuse(.badRequest) }
    guard request.path == path else { return connection.refuse(.notFound) }
    return request.query
  }
}

/// Why a sign-in in the browser gave no code.
package enum CallbackError: Error, Equatable {
  case notListening(errno: Int32)
  case timedOut
  case refused(CallbackRefusal)
}

/// What the sign-in service says in place of a code (RFC 6749, 4.1.2.1), in its own words: to be shown as foreign text.
package struct CallbackRefusal: Equatable, Sendable {
  /// `access_denied` and the like.
  package let code: String
  package let description: String
}

// MARK: - Sockets

extension CallbackServer {
  /// Waits for a connection, for bytes on one, for the first of their deadlines or for `deadline`.
  private func wait(
    for connections: inout [CallbackConnection], until deadline: ContinuousClock.Instant
  ) throws(CallbackError) {
    let descriptors = [listener.socket.number] + connections.map(\.number)
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let first = connections.map(\.deadline).reduce(deadline, min)
    guard unsafe poll(&entries, nfds_t(entries.count), first.millisecondsAway) >= 0 || errno == EINTR else {
      throw .notListening(errno: errno)
    }
    for (connection, entry) in zip(connections, entries.dropFirst()) { connection.isReadable = entry.revents != 0 }
  }

  /// Accepts waiting connections, and closes the oldest if there are too many: the browser sends its request at once.
  private func accept(into connections: inout [CallbackConnection]) {
    while let socket = FileDescriptor(Glibc.accept(listener.socket.number, nil, nil)) {
      _ = fcntl(socket.number, F_SETFD, FD_CLOEXEC)
      if connections.count == Self.connectionLimit { connections.removeFirst() }
      connections.append(CallbackConnection(socket, deadline: .now + requestTimeout))
    }
  }
}

/// One connection, closed with its owner.
private final class CallbackConnection {
  private let socket: FileDescriptor
  private var bytes = SecretBytes(capacity: sizeLimit)
  let deadline: ContinuousClock.Instant
  var isReadable = false
  private(set) var isOver = false

  /// Bytes in the head of a request.
  private static let sizeLimit = 8_192

  init(_ socket: consuming FileDescriptor, deadline: ContinuousClock.Instant) {
    self.socket = socket
    self.deadline = deadline
  }

  var number: Int32 { socket.number }
  var isTooLong: Bool { bytes.count > Self.sizeLimit }

  var client: LoopbackClient { socket.client }

  /// Reads what has arrived; false at end of file.
  func read() -> Bool {
    isOver = bytes.append(from: number, atMost: Self.sizeLimit + 1 - bytes.count) <= 0
    return !isOver
  }

  /// What precedes the empty line; nil until that has arrived.
  var head: SecretBytes? {
    let end = bytes.withBytes { bytes in
      (0..<max(0, bytes.count - 3)).first { start in
        "\r\n\r\n".utf8.enumerated().allSatisfy { bytes[start + $0.offset] == $0.element }
      }
    }
    return end.map { bytes.clone(0..<$0) }
  }

  /// Such a page fits into a new connection's buffer. It is no error if it does not arrive: the wait is for the request.
  func answer(_ page: CallbackPage) { answer(SecretBytes(copying: page.response)) }

  /// Answers, and gives nothing: the wait goes on.
  func refuse(_ page: CallbackPage) -> SecretBytes? {
    answer(page)
    return nil
  }

  func redirect(to page: borrowing SecretBytes) {
    var response = SecretBytes(copying: "HTTP/1.1 303 See Other\r\nLocation: ")
    response.append(page)
    let headers = ["Content-Length: 0", "Cache-Control: no-store", "Referrer-Policy: no-referrer", "Connection: close"]
    response.append("\r\n" + headers.joined(separator: "\r\n") + "\r\n\r\n")
    answer(response)
  }

  private func answer(_ response: borrowing SecretBytes) {
    response.withBytes { bytes in
      _ = unsafe bytes.withUnsafeBytes { unsafe send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
    isOver = true
  }
}

// MARK: - Request

/// The head of an HTTP request (RFC 9112, 3).
struct CallbackRequest: ~Copyable {
  let method: String
  let path: String
  /// Holds the code.
  let query: SecretBytes
  let host: String

  init?(head: borrowing SecretBytes) {
    let lines = head.ranges(separatedBy: UInt8(ascii: "\n")).map { line in
      head.trimmedRange(of: line) { $0 == UInt8(ascii: "\r") }
    }
    let words = head.ranges(of: lines[0], separatedBy: UInt8(ascii: " "))
    guard words.count == 3, head.revealed(words[2])?.hasPrefix("HTTP/1.") == true else { return nil }
    let pieces = head.ranges(of: words[1], separatedBy: UInt8(ascii: "?"))
    let hosts = lines.dropFirst().compactMap { Self.host(inLine: head.revealed($0)) }
    guard let method = head.revealed(words[0]), let path = head.revealed(pieces[0]), let host = hosts.first,
      hosts.count == 1
    else { return nil }
    (self.method, self.path, self.host) = (method, path, host)
    query = head.clone(min(pieces[0].upperBound + 1, words[1].upperBound)..<words[1].upperBound)
  }

  private static func host(inLine line: String?) -> String? {
    guard let line, let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "host" else { return nil }
    return line[colon...].dropFirst().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// How the sign-in ended.
private enum CallbackReply: ~Copyable {
  case code(SecretBytes)
  case refusal(CallbackRefusal)

  /// Nil for anything unexpected: nothing in a query counts unless its `state` is right. It is compared in constant time.
  init?(query: borrowing SecretBytes, state: borrowing SecretBytes) {
    let form = SecretForm(query)
    guard form.value(of: "state").withValue({ $0.equals(state) }) == true else { return nil }
    if let code = form.value(of: "error").withValue({ $0.revealed() ?? "" }) {
      let description = form.value(of: "error_description").withValue { $0.revealed() ?? "" }
      self = .refusal(CallbackRefusal(code: code, description: description ?? ""))
    } else if let code = form.code {
      self = .code(code)
    } else {
      return nil
    }
  }
}

// MARK: - Pages

/// What the browser shows: fixed text, nothing of the request.
private enum CallbackPage {
  case received, refused, badRequest, notFound, wrongMethod, tooLong

  var response: String {
    let body = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>daypass</title><p>\(text)</p></html>\n"
    let headers = [
      "HTTP/1.1 \(status)", "Content-Type: text/html; charset=utf-8", "Content-Length: \(body.utf8.count)",
      "Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
      "Referrer-Policy: no-referrer", "Connection: close",
    ]
    return headers.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  private var status: String {
    switch self {
    case .received, .refused: "200 OK"
    case .badRequest: "400 Bad Request"
    case .notFound: "404 Not Found"
    case .wrongMethod: "405 Method Not Allowed\r\nAllow: GET"
    case .tooLong: "431 Request Header Fields Too Large"
    }
  }

  private var text: String {
    switch self {
    case .received: "daypass has the answer. You can close this window and go back to the terminal."
    case .refused: "The sign-in was not completed. You can close this window; the terminal says why."
    case .badRequest, .notFound, .wrongMethod, .tooLong: "This is not the sign-in that daypass waits for."
    }
  }
}

// MARK: - PKCE

/// Proof that the process which has the code of a sign-in is the one that began it (RFC 7636).
package struct PKCE: ~Copyable {
  /// 64 of `A-Za-z0-9-_`, sent with the code.
  package let verifier: SecretBytes
  /// The verifier's SHA-256 in base64url, sent with the authorization request.
  package let challenge: String

  package init() {
    self.init(verifier: .randomText(64))
  }

  package init(verifier: consuming SecretBytes) {
    challenge = verifier.withBytes { Base64.urlText(SHA256.digest($0)) }
    self.verifier = verifier
  }
}
