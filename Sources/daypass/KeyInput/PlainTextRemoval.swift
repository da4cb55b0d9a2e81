import Console
import Profiles
import Secrets

/// Takes a key that was imported out of the file where it stands in plain text, if the user agrees.
struct PlainTextRemoval {
  let files: ConfigFiles
  let host: Host

  /// Offers it for the key that the keyring gives back for `profile`, and for no other.
  func offer(for profile: String) throws {
    guard let key = try files.read().profile(named: profile)?.plainTextKey, try isStored(key) else { return }
    let place = key.accessKeyID.location.words
    guard let terminal = Terminal.foreground() else {
      return host.diagnostics.note("the key still stands in plain text in \(place)")
    }
    guard try terminal.confirms("remove the key from \(place), where it stands in plain text?") else { return }
    try files.remove(key)
    host.diagnostics.note("the key is removed from \(place)")
  }

  private func isStored(_ key: PlainTextKey) throws -> Bool {
    guard let stored = try host.keys.key(of: key.profile) else { return false }
    let secret = SecretBytes(copying: key.secretAccessKey.value).trimmed()
    return stored.credentials.accessKeyID == key.accessKeyID.value.trimmed
      && stored.credentials.secretAccessKey.equals(secret)
  }
}
