internal import CCurl
internal import Secrets

/// An easy handle of libcurl. It serves one request: on a connection that is used again libcurl may send a request
/// twice by itself, and one with an MFA code must never be.
@safe
struct CurlHandle: ~Copyable {
  private let functions: UnsafePointer<libcurl_functions>
  private let handle: UnsafeMutableRawPointer
  /// Where libcurl writes what went wrong.
  private let message: UnsafeMutablePointer<CChar>

  init(_ library: Libcurl) throws(HTTPError) {
    guard let handle = unsafe library.functions.pointee.curl_easy_init() else {
      throw .other(host: "", reason: "curl_easy_init")
    }
    unsafe functions = library.functions
    unsafe self.handle = handle
    unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    _ = unsafe libcurl_set_message(functions, handle, message)
  }

  deinit {
    unsafe functions.pointee.curl_easy_cleanup(handle)
    unsafe message.deallocate()
  }

  func set(_ option: CURLoption, _ number: Int) throws(HTTPError) {
    try check(unsafe libcurl_set_number(functions, handle, option, number), option)
  }

  func set(_ option: CURLoption, _ text: String?) throws(HTTPError) {
    try check(unsafe libcurl_set_text(functions, handle, option, text), option)
  }

  /// Sends `request` with `headers` and hands the response to `receiver`.
  func perform(
    _ request: borrowing HTTPRequest, _ headers: borrowing CurlHeaderList, into receiver: inout ResponseReceiver
  ) throws(HTTPError) -> CURLcode {
    try check(unsafe libcurl_set_headers(functions, handle, headers.first), CURLOPT_HTTPHEADER)
    switch request.method {
    case .get:
      try set(CURLOPT_HTTPGET, 1)
      return try perform(into: &receiver)
    case .head:
      try set(CURLOPT_NOBODY, 1)
      return try perform(into: &receiver)
    case .post: return try perform(withBodyOf: request, into: &receiver)
    case .put:
      try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
      return try perform(withBodyOf: request, into: &receiver)
    }
  }

  private func perform(
    withBodyOf request: borrowing HTTPRequest, into receiver: inout ResponseReceiver
  ) throws(HTTPError) -> CURLcode {
    try set(CURLOPT_POST, 1)
    return try request.body.withBytes { body throws(HTTPError) in
      try unsafe body.withUnsafeBufferPointer { body throws(HTTPError) in
        let code = unsafe libcurl_set_body(functions, handle, body.baseAddress, body.count)
        try check(code, CURLOPT_POSTFIELDS)
        return try perform(into: &receiver)
      }
    }
  }

  private func perform(into receiver: inout ResponseReceiver) throws(HTTPError) -> CURLcode {
    try unsafe withUnsafeMutablePointer(to: &receiver) { context throws(HTTPError) in
      let code = unsafe libcurl_set_receivers(functions, handle, receiveHead, receiveBody, context)
      try check(code, CURLOPT_WRITEDATA)
      return unsafe functions.pointee.curl_easy_perform(handle)
    }
  }

  /// Has libcurl call these with `context`, which must stay until the request is done.
  @unsafe
  func setWatch(
    openSocket: curl_opensocket_callback, hasConnected: curl_prereq_callback, progress: libcurl_progress,
    context: UnsafeMutableRawPointer
  ) throws(HTTPError) {
    let code = unsafe libcurl_set_watch(functions, handle, openSocket, hasConnected, progress, context)
    try check(code, CURLOPT_XFERINFODATA)
  }

  /// What went wrong, in libcurl's words.
  func reason(of code: CURLcode) -> String {
    let text = unsafe String(cString: message)
    guard text.isEmpty, let name = unsafe functions.pointee.curl_easy_strerror(code) else { return text }
    return unsafe String(cString: name)
  }

  private func check(_ code: CURLcode, _ option: CURLoption) throws(HTTPError) {
    guard code == CURLE_OK else { throw .optionRefused(Int(option.rawValue)) }
  }
}

/// libcurl's callbacks; the context is the `ResponseReceiver` of the request.
private let receiveHead: libcurl_receiver = { bytes, size, count, context in
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count).bindMemory(to: UInt8.self)
  return unsafe context.assumingMemoryBound(to: ResponseReceiver.self).pointee.receiveHead(line.span) ? line.count : 0
}

private let receiveBody: libcurl_receiver = { bytes, size, count, context in
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let part = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count).bindMemory(to: UInt8.self)
  return unsafe context.assumingMemoryBound(to: ResponseReceiver.self).pointee.receiveBody(part.span) ? part.count : 0
}

// MARK: - Route

extension CurlHandle {
  func set(_ route: Route) throws(HTTPError) {
    try set(CURLOPT_URL, route.url.text)
    try set(CURLOPT_PROTOCOLS_STR, route.url.scheme.rawValue)
    try set(CURLOPT_CONNECTTIMEOUT_MS, route.timeouts.connect.milliseconds)
    try set(CURLOPT_TIMEOUT_MS, route.timeouts.total.milliseconds)
    try set(route.proxy)
    if let caBundle = route.caBundle { try trust(only: caBundle) }
  }

  /// libcurl asks no environment variable for a proxy if both options are set.
  private func set(_ proxy: Proxy?) throws(HTTPError) {
    try set(CURLOPT_PROXY, proxy?.secretText ?? "")
    try set(CURLOPT_NOPROXY, proxy == nil ? "*" : "")
  }

  private func trust(only caBundle: String) throws(HTTPError) {
    try set(CURLOPT_CAINFO, caBundle)
    // Debian's libcurl trusts the folder /etc/ssl/certs besides the file.
    try set(CURLOPT_CAPATH, nil)
  }
}

// MARK: - Safeguards

/// What holds for every request, whatever libcurl's defaults are.
extension CurlHandle {
  func setSafeguards() throws(HTTPError) {
    for (option, number) in Self.connectionSafeguards + Self.responseSafeguards { try set(option, number) }
    // Redirects are not followed; an empty list is refused, so this names the one protocol that would do no harm.
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
  }

  private static var connectionSafeguards: [(CURLoption, Int)] {
    [
      (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      (CURLOPT_PROXY_SSL_VERIFYPEER, 1), (CURLOPT_PROXY_SSL_VERIFYHOST, 2),
      (CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
      // A proxy is not shown the headers that are for the server.
      (CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE)),
      (CURLOPT_FRESH_CONNECT, 1), (CURLOPT_FORBID_REUSE, 1),
      // A timeout must not come as a signal: the process has other threads.
      (CURLOPT_NOSIGNAL, 1),
      // A name that is still being looked up at the deadline is not waited for.
      (CURLOPT_QUICK_EXIT, 1),
    ]
  }

  private static var responseSafeguards: [(CURLoption, Int)] {
    [
      (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_UNRESTRICTED_AUTH, 0), (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
      (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
      // What is signed has to go out as it was signed.
      (CURLOPT_PATH_AS_IS, 1),
      (CURLOPT_HTTP09_ALLOWED, 0), (CURLOPT_HTTP_CONTENT_DECODING, 0), (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
      // Small, since responses with secrets pass through it.
      (CURLOPT_BUFFERSIZE, 4096),
      // A body that is announced to be too large is refused unread; the receiver counts the others.
      (CURLOPT_MAXFILESIZE, ResponseReceiver.bodyLimit),
    ]
  }
}

// MARK: - Curl header list

/// The header lines of a request as libcurl takes them, wiped when their owner ends.
@safe
struct CurlHeaderList: ~Copyable {
  private let functions: UnsafePointer<libcurl_functions>
  private(set) var first: UnsafeMutablePointer<curl_slist>?

  /// The headers of `request`, and orders to libcurl to add none of its own that it was not asked for.
  init(of request: borrowing HTTPRequest, _ library: Libcurl) throws(HTTPError) {
    unsafe functions = library.functions
    unsafe first = nil
    for header in request.headers { try append(header.name, header.value.utf8.span) }
    let secret = try request.secretHeader.withValue { secret throws(HTTPError) in
      try secret.value.withBytes { value throws(HTTPError) in try append(secret.name, value) }
      return secret.name
    }
    let names = Set((request.headers.map(\.name) + [secret].compactMap(\.self)).map { $0.lowercased() })
    for name in ["Accept", "Content-Type", "Expect"] where !names.contains(name.lowercased()) {
      try append(line: SecretBytes(copying: name + ":"))
    }
  }

  deinit {
    // Freeing them wipes them too: see libcurl_load.
    unsafe functions.pointee.curl_slist_free_all(first)
  }

  private mutating func append(_ name: String, _ value: borrowing Span<UInt8>) throws(HTTPError) {
    guard HeaderRules.allow(name), HeaderRules.allow(value) else { throw .invalidHeader(name: name) }
    // In libcurl's language `Name:` leaves a header out, and `Name;` sends it empty.
    var line = SecretBytes(copying: value.isEmpty ? name + ";" : name + ": ")
    line.append(value)
    try append(line: line)
  }

  private mutating func append(line: consuming SecretBytes) throws(HTTPError) {
    line.append(0)
    let longer = unsafe line.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe functions.pointee.curl_slist_append(first, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      }
    }
    guard let longer = unsafe longer else { throw .other(host: "", reason: "curl_slist_append") }
    unsafe first = longer
  }
}

// MARK: - Response receiver

/// Takes a response in as libcurl hands it over, and refuses what is too large or encoded.
struct ResponseReceiver: ~Copyable {
  /// Bytes a body can have.
  static let bodyLimit = 1 << 20
  /// Bytes all headers can have, those of interim responses and trailers among them.
  static let headLimit = 64 << 10

  private let host: String
  private(set) var status = 0
  private(set) var headers: [String: String] = [:]
  private(set) var body = SecretBytes()
  private(set) var refusal: HTTPError?
  private(set) var isHeadComplete = false
  private var headLength = 0

  init(from host: String) { self.host = host }

  /// Takes one line of the head; false if the response is refused.
  mutating func receiveHead(_ line: borrowing Span<UInt8>) -> Bool {
    headLength += line.count
    guard headLength <= Self.headLimit else { return refuse(.responseTooLarge(host: host, limit: Self.headLimit)) }
    let text = Self.text(line)
    if isHeadComplete { return true }
    if text.hasPrefix("HTTP/") {
      begin(text)
    } else if text.isEmpty {
      // An interim response (1xx) is followed by another head; after the last one come trailers, which are not ours.
      isHeadComplete = status >= 200
    } else {
      return receiveHeader(text)
    }
    return true
  }

  /// Takes a part of the body; false if the response is refused.
  mutating func receiveBody(_ part: borrowing Span<UInt8>) -> Bool {
    guard body.count + part.count <= Self.bodyLimit else {
      return refuse(.responseTooLarge(host: host, limit: Self.bodyLimit))
    }
    body.append(part)
    return true
  }

  consuming func response() -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: body)
  }

  private mutating func begin(_ statusLine: String) {
    let words = statusLine.split(separator: " ")
    status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    headers = [:]
  }

  private mutating func receiveHeader(_ line: String) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return true }
    let name = line[..<colon].lowercased()
    let value = line[colon...].dropFirst().trimmingSpaces()
    headers[name] = value
    switch name {
    case "content-encoding": return value.lowercased() == "identity" || refuse(.encoded(host: host))
    case "transfer-encoding": return value.lowercased() == "chunked" || refuse(.encoded(host: host))
    default: return true
    }
  }

  private mutating func refuse(_ reason: HTTPError) -> Bool {
    refusal = refusal ?? reason
    return false
  }

  /// Without the line's end; what is not UTF-8 becomes U+FFFD.
  private static func text(_ line: borrowing Span<UInt8>) -> String {
    var end = line.count
    while end > 0, line[end - 1] == 0x0d || line[end - 1] == 0x0a { end -= 1 }
    return String(decoding: (0..<end).map { line[$0] }, as: UTF8.self)
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> String {
    let start = drop { $0 == " " || $0 == "\t" }
    let count = start.reversed().prefix { $0 == " " || $0 == "\t" }.count
    return String(start.dropLast(count))
  }
}
