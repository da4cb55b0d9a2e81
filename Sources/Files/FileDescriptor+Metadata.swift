import Glibc

extension FileDescriptor {
  /// Has the disk keep what was written.
  func synchronize() throws(FileFailure) {
    if fsync(number) != 0 { throw .last }
  }

  /// Which file was opened.
  package func identity() throws(FileFailure) -> FileIdentity {
    var status = stat()
    if unsafe fstat(number, &status) != 0 { throw .last }
    return FileIdentity(status)
  }

  /// What kind of file was opened.
  func kind() throws(FileFailure) -> FileKind {
    var status = stat()
    if unsafe fstat(number, &status) != 0 { throw .last }
    return FileKind(status)
  }

  func setMode(_ mode: mode_t) throws(FileFailure) {
    if fchmod(number, mode) != 0 { throw .last }
  }

  func setOwner(_ owner: uid_t, group: gid_t) throws(FileFailure) {
    if fchown(number, owner, group) != 0 { throw .last }
  }
}
