internal import CCurl
internal import Secrets

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
