internal import Foundation

/// The states that a keyring seldom comes in by itself.
extension PrivateKeyring {
  /// As for a user who never had a keyring.
  package func startWithoutCollection() throws {
    try? FileManager.default.removeItem(atPath: folder)
    try start(Self.program) {
      call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.ReadAlias", "default").output
        == "(objectpath '/',)\n"
    }
  }

  /// With what it holds on a disk of that kind, which only the daemon sees.
  package func startUnlocked(on disk: KeyringDisk) throws {
    try start(disk.command(folder: folder, running: Self.program + ["--unlock"]), input: Self.password) {
      isLocked == "(<false>,)"
    }
  }

  package func open() throws {
    kill()
    try startUnlocked()
  }
}
