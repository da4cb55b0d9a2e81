import Glibc

/// The folder of gnome-keyring's files.
///
/// gnome-keyring 42.1 syncs a new file before it renames it over the old one, and leaves the renaming to the system: a
/// power cut soon after can bring back the old file. "Calling fsync() does not necessarily ensure that the entry in the
/// directory containing the file has also reached disk. For that an explicit fsync() on a file descriptor for the
/// directory is also needed" (fsync(2)).
struct KeyringFolder {
  private let path: String

  /// Where the XDG base directory specification has it.
  init(environment: [String: String]) {
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    path = (data ?? (environment["HOME"] ?? "") + "/.local/share") + "/keyrings"
  }

  /// Has the disk keep what was renamed. Another service has no such folder, and its own way with its files.
  func sync() {
    let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
