import Glibc

/// A file that is replaced as a whole: readers get the old or the new one, whatever happens meanwhile.
///
/// A symbolic link is followed and kept: what it leads to is replaced.
package struct AtomicFile: ~Copyable {
  private let name: String
  private let directory: Directory
  /// The file as it was when it was read; nil if there was none.
  private let identity: FileIdentity?

  /// Whether `path` may be replaced: there is nothing yet, or a regular file. The folder of a device or pipe must not be
  /// locked or written to.
  package static func canReplace(_ path: String) -> Bool {
    do { return try FileIdentity(of: path).isRegular } catch { return true }
  }

  /// Finds the file at `path`, having made its directory if that is missing. Other processes of ours have to wait
  /// for its owner to end; throws `.busy` if one of them takes longer than `timeout`.
  package init(_ path: String, timeout: Duration) throws(FileFailure) {
    guard Self.canReplace(path) else { throw .notRegular }
    let target = try LinkTarget(of: path)
    let directory = try Directory(target.directory)
    try directory.lock(for: timeout)
    let identity = try directory.identity(of: target.name)
    if let identity, !identity.isRegular { throw .notRegular }
    self.name = target.name
    self.identity = identity
    self.directory = directory
  }

  /// What it holds; nothing if there is no file yet.
  package func read() throws(FileFailure) -> [UInt8] {
    guard identity != nil else { return [] }
    // A pipe that took its place must not hold us up.
    let file = try directory.open(name, O_RDONLY | O_NONBLOCK)
    guard try file.identity() == identity else { throw .modifiedConcurrently }
    return try file.readAll(limit: FileDescriptor.largestFile)
  }

  /// Puts a file that holds `bytes` in its place; mode and owner stay, a new file is readable for the user alone.
  ///
  /// Throws, and leaves everything as it was, if that cannot be done in full or another program has changed the file.
  package consuming func replace(with bytes: [UInt8]) throws(FileFailure) {
    try write(bytes) { temporary throws(FileFailure) in
      guard try directory.identity(of: name) == identity else { throw .modifiedConcurrently }
      try directory.rename(temporary, to: name)
    }
    try directory.synchronize()
  }

  /// Does what `replace` does but for its last step, so that what is in the way of it is known beforehand.
  package consuming func rehearse() throws(FileFailure) {
    try write(read()) { temporary throws(FileFailure) in directory.discard(temporary) }
  }

  /// Writes a file beside this one, which `use` may move; it is removed if anything fails.
  private func write(_ bytes: [UInt8], _ use: (String) throws(FileFailure) -> Void) throws(FileFailure) {
    // What a killed process left behind: nobody else writes while the directory is locked.
    for leftover in directory.fileNames where isTemporary(leftover) { directory.discard(leftover) }
    let temporary = temporaryPrefix + String(UInt64.random(in: .min ... .max), radix: 16)
    let file = try directory.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    do throws(FileFailure) {
      try fill(file, with: bytes)
      try use(temporary)
    } catch {
      directory.discard(temporary)
      throw error
    }
  }

  /// What a file is called while it is written, beside the one whose place it takes: `.config.daypass-1f3a…`.
  private var temporaryPrefix: String { ".\(name).daypass-" }

  private func isTemporary(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst(temporaryPrefix.utf8.count)
    return name.hasPrefix(temporaryPrefix) && !digits.isEmpty && digits.allSatisfy("0123456789abcdef".utf8.contains)
  }

  private func fill(_ file: borrowing FileDescriptor, with bytes: [UInt8]) throws(FileFailure) {
    try file.writeAll(bytes)
    if let identity {
      try file.setOwner(identity.owner, group: identity.group)
      try file.setMode(identity.mode & 0o7777)
    }
    try file.synchronize()
  }
}

// MARK: - Link target

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
      guard try FileIdentity(ofLink: path).isTrusted else { throw .foreign }
      path = target.hasPrefix("/") ? target : parts.directory + "/" + target
    }
    throw .call(ELOOP)
  }

  static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = path[..<slash]
    return (directory.isEmpty ? "/" : String(directory), String(path[slash...].dropFirst()))
  }

  /// What the link at `path` says; nil if there is no link.
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
