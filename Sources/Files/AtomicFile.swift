import Glibc

/// A file that is replaced as a whole: whoever reads it, and whatever happens meanwhile, it is the old or the new one.
///
/// A symbolic link is followed and kept: what it leads to is replaced.
package struct AtomicFile: ~Copyable {
  private let name: String
  private let directory: Directory
  /// The file as it was when it was read; nil where there was none.
  private let identity: FileIdentity?

  /// Whether a file of ours may stand at `path`: there is none yet, or no device or pipe, whose folder is not to be locked
  /// or written to.
  package static func canReplace(_ path: String) -> Bool { FileKind(of: path)?.isRegular ?? true }

  /// Finds the file at `path`, having made its directory where that is missing. Other processes of ours have to wait
  /// for its owner to end; where one of them takes longer than `patience`, throws `.busy`.
  package init(_ path: String, patience: Duration) throws(FileFailure) {
    guard Self.canReplace(path) else { throw .notRegular }
    let target = try LinkTarget(of: path)
    let directory = try Directory(target.directory)
    try directory.lock(for: patience)
    let identity = try directory.identity(of: target.name)
    if let identity, !identity.isRegular { throw .notRegular }
    self.name = target.name
    self.identity = identity
    self.directory = directory
  }

  /// What it holds; nothing where there is no file yet.
  package func read() throws(FileFailure) -> [UInt8] {
    guard identity != nil else { return [] }
    // A pipe that took its place must not hold us up.
    let file = try directory.open(name, O_RDONLY | O_NONBLOCK)
    guard try file.identity() == identity else { throw .changedMeanwhile }
    return try file.readAll(limit: FileDescriptor.largestFile)
  }

  /// Puts a file that holds `bytes` in its place; mode and owner stay, a new file is readable for the user alone.
  ///
  /// Throws, and leaves everything as it was, where that cannot be done in full or somebody else has changed the file.
  package consuming func replace(with bytes: [UInt8]) throws(FileFailure) {
    let names = TemporaryName(for: name)
    // What a killed process left behind: nobody else writes while the directory is locked.
    directory.discardFiles(where: names.matches)
    let temporary = names.new()
    let file = try directory.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    do throws(FileFailure) {
      try fill(file, with: bytes)
      guard try directory.identity(of: name) == identity else { throw .changedMeanwhile }
      try directory.rename(temporary, to: name)
    } catch {
      directory.discard(temporary)
      throw error
    }
    try directory.synchronize()
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
