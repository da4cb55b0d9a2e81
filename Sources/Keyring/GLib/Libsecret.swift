import CLibsecret

/// The functions of libsecret and GLib, opened on first use.
@safe
struct Libsecret: @unchecked Sendable {
  private let functions: UnsafePointer<libsecret_functions>

  private static let loaded: Libsecret? = {
    guard let functions = unsafe libsecret_load() else { return nil }
    return unsafe Libsecret(functions)
  }()

  private init(_ functions: UnsafePointer<libsecret_functions>) {
    unsafe self.functions = functions
    GLibLog.silence(unsafe functions.pointee)
    GLibFailure.register(in: unsafe functions.pointee)
  }

  /// Opens the library ahead of its use, which takes as long as all else that a worker does before it can ask.
  static func load() { _ = loaded }

  static func opened() throws(KeyringError) -> Libsecret {
    guard let loaded else { throw .libraryMissing("libsecret-1.so.0", package: "libsecret-1-0") }
    return loaded
  }

  var call: libsecret_functions { unsafe functions.pointee }

  /// Calls GLib with a place for its error, and throws what it left there.
  func checked<Result>(
    _ body: (libsecret_functions, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> Result
  ) throws(KeyringError) -> Result {
    var error: UnsafeMutablePointer<GError>?
    let result = unsafe body(call, &error)
    guard let error = unsafe error else { return result }
    throw unsafe GLibFailure(owning: error, of: self).keyringError
  }

  /// The texts of a null-terminated array that GLib gives to its caller to keep.
  func texts(owning array: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    guard let array = unsafe array else { return [] }
    defer { unsafe call.g_strfreev(array) }
    var texts: [String] = []
    while let text = unsafe array[texts.count] { texts.append(unsafe String(cString: text)) }
    return texts
  }
}
