internal import CCurl

/// libcurl, opened on first use.
@safe
struct Libcurl: @unchecked Sendable {
  private static let opened = Libcurl()
  let functions: UnsafePointer<libcurl_functions>

  private init?() {
    guard let functions = unsafe libcurl_load() else { return nil }
    unsafe self.functions = functions
  }

  static func load() { _ = opened }

  static func open() throws(HTTPError) -> Libcurl {
    guard let opened else { throw .libraryMissing("libcurl.so.4", package: "libcurl4") }
    return opened
  }
}
