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
    case .post:
      try set(CURLOPT_POST, 1)
      return try request.body.withBytes { body throws(HTTPError) in
        try unsafe body.withUnsafeBufferPointer { body throws(HTTPError) in
          let code = unsafe libcurl_set_body(functions, handle, body.baseAddress, body.count)
          try check(code, CURLOPT_POSTFIELDS)
          return try perform(into: &receiver)
        }
      }
    }
  }

  private func perform(into receiver: inout ResponseReceiver) throws(HTTPError) -> CURLcode {
    try unsafe withUnsafeMutablePointer(to: &receiver) { context throws(HTTPError) in
      let code = unsafe libcurl_set_receivers(functions, handle, receiveHead, receiveBody, context)
      try check(code, CURLOPT_WRITEDATA)
      try check(unsafe libcurl_set_progress(functions, handle, askWhetherToGoOn, context), CURLOPT_XFERINFODATA)
      return unsafe functions.pointee.curl_easy_perform(handle)
    }
  }

  func number(_ fact: CURLINFO) -> Int {
    unsafe libcurl_number(functions, handle, fact)
  }

  /// Whether the finished request came as far as `point`.
  func reached(_ point: CURLINFO) -> Bool {
    unsafe libcurl_time(functions, handle, point) > 0
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

private let askWhetherToGoOn: libcurl_progress = { context, _, _, _, _ in
  guard let context = unsafe context else { return 1 }
  return unsafe context.assumingMemoryBound(to: ResponseReceiver.self).pointee.goesOn() ? 0 : 1
}
