import Glibc

/// An open directory, so that what is done in it stays in it, whatever happens to its path.
package struct Directory: ~Copyable {
  private let descriptor: FileDescriptor

  /// Opens `path`, having made its last part, for the user alone, if that is missing.
  ///
  /// Throws `foreign` if the folder, the folder it would be made in, or a link at `path` belongs to neither us nor root.
  /// Its owner could replace our files, would find files there that are not theirs to change, or could make us change files
  /// elsewhere.
  init(_ path: String) throws(FileFailure) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    var number = unsafe Glibc.open(path, flags)
    if number < 0, errno == ENOENT {
      try Self.make(path)
      number = unsafe Glibc.open(path, flags)
    }
    guard let descriptor = FileDescriptor(number) else { throw .last }
    let identity = try descriptor.identity()
    guard identity.isTrusted, try Self.isTrustedWay(path, to: identity) else { throw .foreign }
    self.descriptor = descriptor
  }

  /// Whether `path` is that directory itself, or a link which none but its user, or root, can have made.
  private static func isTrustedWay(_ path: String, to directory: FileIdentity) throws(FileFailure) -> Bool {
    let way = try FileIdentity(ofLink: path)
    return way.isSameFile(as: directory) || way.kind == .link && way.isTrusted
  }

  private static func make(_ path: String) throws(FileFailure) {
    guard try FileIdentity(of: LinkTarget.split(path).directory).isTrusted else { throw .foreign }
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last }
  }

  /// Opens `path`, itself rather than what a link leads to.
  package init(itself path: String) throws(FileFailure) {
    try self.init(unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
  }

  private init(_ number: Int32) throws(FileFailure) {
    guard let descriptor = FileDescriptor(number) else { throw .last }
    self.descriptor = descriptor
  }

  /// The directory `name` in this one, made for the user alone if it is missing.
  package func directory(_ name: String) throws(FileFailure) -> Directory {
    guard unsafe mkdirat(descriptor.number, name, 0o700) == 0 || errno == EEXIST else { throw .last }
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    return try Directory(unsafe openat(descriptor.number, name, flags))
  }

  /// Waits until no other process of ours changes files here; the directory's end lets the next one in. Throws `.busy`.
  func lock(for timeout: Duration) throws(FileFailure) {
    try descriptor.lock(for: timeout)
  }

  /// Which directory this is.
  package func identity() throws(FileFailure) -> FileIdentity {
    try descriptor.identity()
  }

  /// Which file `name` is, itself rather than what a link leads to; nil if there is none.
  func identity(of name: String) throws(FileFailure) -> FileIdentity? {
    var status = stat()
    if unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileIdentity(status) }
    guard errno == ENOENT else { throw .last }
    return nil
  }

  package func open(_ name: String, _ flags: Int32, mode: mode_t = 0) throws(FileFailure) -> FileDescriptor {
    let number = unsafe openat(descriptor.number, name, flags | O_NOFOLLOW | O_CLOEXEC, mode)
    guard let file = FileDescriptor(number) else { throw .last }
    return file
  }

  func rename(_ name: String, to newName: String) throws(FileFailure) {
    if unsafe Glibc.renameat(descriptor.number, name, descriptor.number, newName) != 0 { throw .last }
  }

  /// Removes `name`, if that is possible.
  package func discard(_ name: String) {
    _ = unsafe unlinkat(descriptor.number, name, 0)
  }

  /// The regular files of ours that are in it, sorted.
  package var fileNames: [String] {
    // A descriptor of its own: the stream keeps it, and moves its position.
    let number = unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard let stream = unsafe fdopendir(number) else {
      close(number)
      return []
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
        unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isOurFile(name) { names.append(name) }
    }
    return names.sorted()
  }

  private func isOurFile(_ name: String) -> Bool {
    do throws(FileFailure) {
      guard let file = try identity(of: name) else { return false }
      return file.isRegular && file.isOurs
    } catch {
      return false
    }
  }

  /// Has the disk keep the names as they are now.
  package func synchronize() throws(FileFailure) {
    try descriptor.synchronize()
  }
}

// MARK: - File identity

/// Which file stood at a path, and in which state.
package struct FileIdentity: Equatable {
  private let device: UInt
  private let inode: UInt
  /// In bytes.
  let size: Int
  let kind: FileKind
  /// Seconds and nanoseconds of the last change of contents, and of anything.
  private let changed: [Int]
  package let mode: mode_t
  package let owner: uid_t
  package let group: gid_t

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    kind = FileKind(status)
    changed = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
  }

  /// The identity of the file that `path` leads to.
  init(of path: String) throws(FileFailure) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last }
    self.init(status)
  }

  /// The identity of what is at `path`; of the link itself if it is one.
  init(ofLink path: String) throws(FileFailure) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { throw .last }
    self.init(status)
  }

  /// Whether it is that very file, in whatever state.
  func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }

  package var isRegular: Bool { kind == .regular }
  /// Whether none but us and root can have made it.
  var isTrusted: Bool { owner == geteuid() || owner == 0 }
  package var isOurs: Bool { owner == geteuid() }
  package var isWritableByOthers: Bool { mode & 0o022 != 0 }
  /// Whether only its owner may use it.
  package var isPrivate: Bool { mode & 0o077 == 0 }
}

/// What is at a path, for a reader.
enum FileKind: Equatable {
  case regular, pipe, folder, link
  /// `/dev/null`.
  case nullDevice
  /// A terminal, another device or a socket.
  case other

  init(_ status: stat) {
    self =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFIFO: .pipe
      case S_IFDIR: .folder
      case S_IFLNK: .link
      // Major number 1, minor number 3 (null(4)).
      case S_IFCHR where status.st_rdev == 0x103: .nullDevice
      default: .other
      }
  }
}
