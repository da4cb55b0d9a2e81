import CLinux
import Glibc
package import Secrets

/// Secrets in the kernel's memory, for every process of this user and for nobody else, until their time is over: keys in
/// the user keyring (user-keyring(7)) whose descriptions start alike.
///
/// They are never on disk, survive a logout as long as a process of the user does, and are not locked with the screen.
package struct KernelKeyring: Sendable {
  /// What the descriptions of its keys start with.
  private let prefix: String
  private let types: [KernelKeyType]

  /// `name` tells apart what belongs to different owners; `types` are tried in this order.
  package init(name: String, types: [KernelKeyType] = KernelKeyType.allCases) {
    prefix = name + ":"
    self.types = types
  }

  /// What is kept under `name`; nil where there is nothing, or its time is over.
  package func secret(named name: String) throws(KernelKeyError) -> SecretBytes? {
    for type in types {
      if let key = try find(name, type), let secret = try key.secret() { return secret }
    }
    return nil
  }

  /// Keeps `secret` for `seconds`, in place of what was there, in one step: a process that is killed leaves old or new.
  package func save(
    _ secret: borrowing SecretBytes, named name: String, seconds: UInt32
  ) throws(KernelKeyError) {
    var refusal = KernelKeyError.refused(errno: ENODEV)
    for type in types {
      do throws(KernelKeyError) {
        return try publish(secret, named: name, as: type, seconds: seconds)
      } catch {
        refusal = error
      }
    }
    throw refusal
  }

  /// Removes what is kept under `name`; nothing to remove is not an error.
  package func remove(named name: String) throws(KernelKeyError) {
    for type in types {
      if let key = try find(name, type) { try key.unlink(from: linux_user_keyring) }
    }
  }

  /// The names of all that is kept.
  package func names() throws(KernelKeyError) -> [String] {
    try KernelKey.all(in: linux_user_keyring).compactMap(\.description).filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
  }

  /// The key is finished where only this process can see it, and then shown to the others.
  private func publish(
    _ secret: borrowing SecretBytes, named name: String, as type: KernelKeyType, seconds: UInt32
  ) throws(KernelKeyError) {
    let key = try KernelKey(
      adding: secret, to: linux_process_keyring, type: type.rawValue, description: prefix + name)
    defer { key.discard(from: linux_process_keyring) }
    try key.restrictToUser()
    try key.expire(afterSeconds: seconds)
    try key.link(to: linux_user_keyring)
    for other in types where other != type {
      if let stale = try find(name, other) { try stale.unlink(from: linux_user_keyring) }
    }
  }

  private func find(_ name: String, _ type: KernelKeyType) throws(KernelKeyError) -> KernelKey? {
    try KernelKey(in: linux_user_keyring, type: type.rawValue, description: prefix + name)
  }
}
