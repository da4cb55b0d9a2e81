import Glibc

/// An open directory, so that what is done in it stays in it, whatever happens to its path.
struct Directory: ~Copyable {
  private let descriptor: FileDescriptor

  /// Opens `path`, having made its last part, for the user alone, where that is missing.
  init(_ path: String) throws(FileFailure) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    var number = unsafe Glibc.open(path, flags)
    if number < 0, errno == ENOENT, unsafe mkdir(path, 0o700) == 0 || errno == EEXIST {
      number = unsafe Glibc.open(path, flags)
    }
    guard let descriptor = FileDescriptor(number) else { throw .last }
    self.descriptor = descriptor
  }

  /// Waits until no other process of ours changes files here; the directory's end lets the next one in.
  ///
  /// flock(2) has no deadline of its own, and a process that holds a lock can be stopped for ever. Throws `.busy`.
  func lock(for patience: Duration) throws(FileFailure) {
    let deadline = ContinuousClock.now + patience
    while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .last }
      guard ContinuousClock.now < deadline else { throw .busy }
      usleep(5_000)
    }
  }

  /// Which file `name` is, itself rather than what a link leads to; nil where there is none.
  func identity(of name: String) throws(FileFailure) -> FileIdentity? {
    var status = stat()
    if unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileIdentity(status) }
    guard errno == ENOENT else { throw .last }
    return nil
  }

  func open(_ name: String, _ flags: Int32, mode: mode_t = 0) throws(FileFailure) -> FileDescriptor {
    let number = unsafe openat(descriptor.number, name, flags | O_NOFOLLOW | O_CLOEXEC, mode)
    guard let file = FileDescriptor(number) else { throw .last }
    return file
  }

  func rename(_ name: String, to newName: String) throws(FileFailure) {
    if unsafe Glibc.renameat(descriptor.number, name, descriptor.number, newName) != 0 { throw .last }
  }

  /// Removes `name`, for want of anything better to do about it after a failure.
  func discard(_ name: String) {
    _ = unsafe unlinkat(descriptor.number, name, 0)
  }

  /// Removes the regular files of ours that `isDoomed` names, as far as that can be done.
  func discardFiles(where isDoomed: (String) -> Bool) {
    guard var listing = DirectoryListing(of: descriptor) else { return }
    while let name = listing.next() {
      guard isDoomed(name), isOurFile(name) else { continue }
      discard(name)
    }
  }

  private func isOurFile(_ name: String) -> Bool {
    do throws(FileFailure) {
      guard let file = try identity(of: name) else { return false }
      return file.isRegular && file.owner == geteuid()
    } catch {
      return false
    }
  }

  /// Has the disk keep the names as they are now.
  func synchronize() throws(FileFailure) {
    try descriptor.synchronize()
  }
}
