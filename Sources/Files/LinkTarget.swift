import Glibc

/// The file that a path leads to, through symbolic links; it need not be there.
struct LinkTarget: Equatable {
  let directory: String
  let name: String

  /// Throws `ELOOP` for links that lead nowhere else than to each other, and `foreign` for one that another user than us
  /// and root has made.
  init(of path: String) throws(FileFailure) {
    var path = path
    for _ in 0..<40 {
      let parts = Self.split(path)
      guard let target = try Self.readLink(path) else {
        (directory, name) = parts
        return
      }
      guard try Self.isTrusted(path) else { throw .foreign }
      path = target.hasPrefix("/") ? target : parts.directory + "/" + target
    }
    throw .call(ELOOP)
  }

  static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = path[..<slash]
    return (directory.isEmpty ? "/" : String(directory), String(path[slash...].dropFirst()))
  }

  private static func isTrusted(_ link: String) throws(FileFailure) -> Bool {
    var status = stat()
    guard unsafe lstat(link, &status) == 0 else { throw .last }
    return FileIdentity(status).isTrusted
  }

  /// What the link at `path` says; nil where there is no link.
  private static func readLink(_ path: String) throws(FileFailure) -> String? {
    var failure: FileFailure?
    let bytes = unsafe [CChar](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      let length = unsafe readlink(path, start, buffer.count)
      if length < 0 { failure = .last }
      count = max(0, length)
    }
    switch failure {
    case nil:
      guard let target = String(validating: bytes, as: UTF8.self) else { throw .call(EILSEQ) }
      return target
    case .call(EINVAL), .call(ENOENT): return nil
    case .some(let failure): throw failure
    }
  }
}
