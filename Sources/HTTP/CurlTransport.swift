internal import CCurl
internal import Glibc
internal import POSIX

/// Sends requests with libcurl: over TLS, or to loopback; each on a connection of its own, and to nobody else than
/// asked.
package struct CurlTransport: HTTPTransport, Sendable {
  private let userAgent: String
  private let caBundle: String?
  private let proxies: ProxySettings
  private let timeouts: Timeouts
  private let plainHTTP: PlainHTTP
  private let isGivenUp: @Sendable () -> Bool
  private let noticeLongWait: @Sendable (_ host: String) -> Void

  /// `caBundle` is a PEM file that replaces the system's certificate authorities. Both closures are called during a
  /// request, on another thread: `isGivenUp` tells whether its response is no longer wanted, and `noticeLongWait` is told
  /// once for which host the request has been waiting.
  package init(
    userAgent: String, caBundle: String? = nil, proxies: ProxySettings = .none, timeouts: Timeouts = Timeouts(),
    plainHTTP: PlainHTTP = .toLoopback, isGivenUp: @escaping @Sendable () -> Bool = { false },
    noticeLongWait: @escaping @Sendable (_ host: String) -> Void = { _ in }
  ) {
    self.userAgent = userAgent
    self.caBundle = caBundle
    self.proxies = proxies
    self.timeouts = timeouts
    self.plainHTTP = plainHTTP
    self.isGivenUp = isGivenUp
    self.noticeLongWait = noticeLongWait
  }

  /// Where requests may go without TLS.
  package enum PlainHTTP: Sendable {
    case toLoopback
    /// To the addresses of `URLText.isMetadataAddress` too, which only the machine itself answers.
    case toMetadataAddresses
  }

  package struct Timeouts: Sendable {
    /// Until the connection is made, TLS included.
    package var connect = Duration.seconds(5)
    /// Until the response is complete.
    package var total = Duration.seconds(30)
    /// Until the user is told what is waited for.
    package var notice = Duration.seconds(2)

    package init() {}
  }

  /// Loads libcurl now rather than for the first request: it and what it needs take milliseconds.
  package static func load() { _ = libcurl }

  package func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let route = try Route(
      to: request.url, proxies: proxies, caBundle: caBundle, timeouts: timeouts(of: request), plainHTTP: plainHTTP)
    let library = try libcurl.get()
    let headers = try CurlHeaderList(of: request, library)
    let watchdog = Watchdog(timeouts: route.timeouts, isGivenUp: isGivenUp) { [noticeLongWait] in
      noticeLongWait(route.url.host)
    }
    let handle = try CurlHandle(library)
    try handle.setSafeguards()
    try handle.set(route)
    try handle.set(CURLOPT_USERAGENT, userAgent)
    try watchdog.attach(to: handle)
    var receiver = ResponseReceiver(from: route.url.host)
    let code = try perform(request, headers, on: handle, into: &receiver, watchdog)
    if let refusal = receiver.refusal { throw refusal }
    if let verdict = watchdog.verdict { throw HTTPError(verdict, watchdog.phase, on: route) }
    guard code == CURLE_OK else { throw HTTPError(code, handle.reason(of: code), watchdog.phase, on: route) }
    // To libcurl an end in the middle of the head is an end of the response.
    guard receiver.isHeadComplete else { throw .interrupted(host: route.url.host) }
    return receiver.response()
  }

  private func perform(
    _ request: borrowing HTTPRequest, _ headers: borrowing CurlHeaderList, on handle: borrowing CurlHandle,
    into receiver: inout ResponseReceiver, _ watchdog: Watchdog
  ) throws(HTTPError) -> CURLcode {
    let thread = WatchdogThread(of: watchdog)
    let code = try handle.perform(request, headers, into: &receiver)
    _ = consume thread
    return code
  }

  private func timeouts(of request: borrowing HTTPRequest) -> Timeouts {
    var timeouts = timeouts
    // To libcurl no time is time without end.
    if let timeout = request.timeout { timeouts.total = min(max(timeout, .milliseconds(1)), timeouts.total) }
    timeouts.connect = min(timeouts.connect, timeouts.total)
    return timeouts
  }
}

extension CurlTransport.PlainHTTP {
  fileprivate func allows(_ url: URLText) -> Bool {
    switch self {
    case .toLoopback: url.isLoopback
    case .toMetadataAddresses: url.isLoopback || url.isMetadataAddress
    }
  }
}

extension Duration {
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }

  /// Rounded up.
  var wholeSeconds: Int { (milliseconds + 999) / 1000 }
}

// MARK: - Libcurl

typealias Libcurl = SharedLibrary<libcurl_functions>

let libcurl = unsafe Libcurl.opened(
  libcurl_load(), else: LibraryMissing("libcurl.so.4", package: "libcurl4")
).mapError(HTTPError.libraryMissing)

// MARK: - Route

/// How a request will go: decided, and refused if it must not go, before anything is opened.
struct Route {
  let url: URLText
  let proxy: Proxy?
  /// A PEM file that replaces the system's certificate authorities.
  let caBundle: String?
  let timeouts: CurlTransport.Timeouts

  init(
    to url: URLText, proxies: ProxySettings, caBundle: String?, timeouts: CurlTransport.Timeouts,
    plainHTTP: CurlTransport.PlainHTTP = .toLoopback
  ) throws(HTTPError) {
    // A URL made of parts can hold anything; libcurl must read the same host from its text.
    do throws(URLText.Fault) {
      guard try URLText(strictly: url.text) == url else { throw .character }
    } catch {
      throw .invalidURL(error)
    }
    switch url.scheme {
    case .http:
      guard plainHTTP.allows(url) else { throw .insecure(url: url.text) }
    case .https:
      if let caBundle, !Self.isReadableFile(caBundle) { throw .caBundleUnreadable(path: caBundle) }
    }
    self.url = url
    self.proxy = try proxies.proxy(for: url)
    self.caBundle = caBundle
    self.timeouts = timeouts
  }

  /// libcurl opens it by name, in every connection: a pipe would hold it up, or be empty the second time.
  private static func isReadableFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
  }
}
