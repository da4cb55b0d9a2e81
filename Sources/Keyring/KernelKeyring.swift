import CLinux
import Glibc
internal import POSIX
package import Secrets

/// Secrets in the kernel's memory, for every process of this user and no other, until they expire: keys in the
/// user keyring (user-keyring(7)) whose descriptions start alike.
///
/// They are never on disk, survive a logout as long as a process of the user does, and are not locked with the screen.
package struct KernelKeyring: Sendable {
  /// What the descriptions of its keys start with.
  private let prefix: String
  private let types: [KernelKeyType]

  /// `name` distinguishes the keys of different owners; `types` are tried in this order.
  package init(name: String, types: [KernelKeyType] = KernelKeyType.allCases) {
    prefix = name + ":"
    self.types = types
  }

  /// What is kept under `name`; nil if there is nothing, or it has expired.
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
      if let key = try find(name, type) { try key.invalidate(orUnlinkFrom: linux_user_keyring) }
    }
  }

  /// The names of all that is kept.
  package func names() throws(KernelKeyError) -> [String] {
    try KernelKey.all(in: linux_user_keyring).compactMap(\.description).filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
  }

  /// How many seconds what is kept under `name` has left at least, as roughly as the kernel tells it (proc_keys(5)); nil if
  /// there is nothing. Reads no secret.
  package func secondsLeft(named name: String) throws(KernelKeyError) -> Int? {
    for type in types {
      if let key = try find(name, type) { return key.secondsLeft }
    }
    return nil
  }

  /// The key is finished where only this process can see it, and then shown to the others.
  private func publish(
    _ secret: borrowing SecretBytes, named name: String, as type: KernelKeyType, seconds: UInt32
  ) throws(KernelKeyError) {
    let key = try KernelKey(
      adding: secret, to: linux_process_keyring, type: type.rawValue, description: prefix + name)
    defer { key.unlink(from: linux_process_keyring) }
    try key.restrictToUser()
    try key.expire(afterSeconds: seconds)
    try key.link(to: linux_user_keyring)
    for other in types where other != type {
      if let stale = try find(name, other) { try stale.invalidate(orUnlinkFrom: linux_user_keyring) }
    }
  }

  private func find(_ name: String, _ type: KernelKeyType) throws(KernelKeyError) -> KernelKey? {
    try KernelKey(in: linux_user_keyring, type: type.rawValue, description: prefix + name)
  }
}

// MARK: - Kernel key

/// A key in the kernel by its serial number.
struct KernelKey {
  private let serial: Int32

  /// All permissions for its possessor and for the user, none for group and others (keyctl_setperm(3)).
  private static let userOnly: UInt32 = 0x3f3f_0000
  /// A session is about 1 500 bytes.
  private static let initialSize = 4096

  /// A new key.
  init(
    adding secret: borrowing SecretBytes, to keyring: Int32, type: String, description: String
  ) throws(KernelKeyError) {
    let serial = secret.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe linux_add_key(type, description, bytes.baseAddress, bytes.count, keyring)
      }
    }
    try Self.check(Int(serial))
    self.serial = serial
  }

  /// The key with this type and description; nil if there is none that is still good.
  init?(in keyring: Int32, type: String, description: String) throws(KernelKeyError) {
    let serial = unsafe linux_find_key(keyring, type, description)
    if serial < 0, Self.isAbsence(errno) { return nil }
    try Self.check(Int(serial))
    self.serial = serial
  }

  private init(serial: Int32) { self.serial = serial }

  /// Every key in `keyring` itself.
  static func all(in keyring: Int32) throws(KernelKeyError) -> [KernelKey] {
    var serials: [Int32] = []
    while true {
      let room = serials.count * MemoryLayout<Int32>.size
      let size = unsafe serials.withUnsafeMutableBytes { unsafe linux_read_key(keyring, $0.baseAddress, room) }
      try check(size)
      if size <= room { return serials.prefix(size / MemoryLayout<Int32>.size).map(KernelKey.init(serial:)) }
      serials = [Int32](repeating: 0, count: size / MemoryLayout<Int32>.size)
    }
  }

  /// Its payload; nil if it has expired since it was found.
  func secret() throws(KernelKeyError) -> SecretBytes? {
    var room = Self.initialSize
    while true {
      var secret = SecretBytes(capacity: room)
      var size = 0
      secret.append(upTo: room) { bytes in
        size = unsafe bytes.withUnsafeMutableBytes { unsafe linux_read_key(serial, $0.baseAddress, $0.count) }
        return size < 0 || size > room ? 0 : size
      }
      if size < 0, Self.isAbsence(errno) { return nil }
      try Self.check(size)
      if size <= room { return secret }
      room = size
    }
  }

  /// Its description; nil if it has expired, or belongs to another user.
  var description: String? {
    var text = [UInt8](repeating: 0, count: Self.initialSize)
    let size = unsafe text.withUnsafeMutableBytes { bytes in
      unsafe linux_describe_key(serial, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard size > 0, size <= text.count else { return nil }
    let fields = text.prefix(size - 1).split(separator: UInt8(ascii: ";"), maxSplits: 4)
    return fields.last.map { String(decoding: $0, as: UTF8.self) }
  }

  /// 0 if the kernel does not tell.
  var secondsLeft: Int {
    let table: [UInt8]?
    do { table = try FileDescriptor.contents(ofFile: "/proc/keys", timeout: .zero) } catch { return 0 }
    let lines = String(decoding: table ?? [], as: UTF8.self).split(separator: "\n")
    return lines.lazy.map { $0.split(separator: " ") }
      .first { $0.count > 3 && Int32($0[0], radix: 16) == serial }.map { Self.seconds($0[3]) } ?? 0
  }

  /// The seconds in a duration such as `59s`, `12m`, `11h`, `6d` or `2w`.
  static func seconds(_ text: Substring) -> Int {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()) else { return 0 }
    return number * unit
  }

  func restrictToUser() throws(KernelKeyError) {
    try Self.check(linux_set_key_permissions(serial, Self.userOnly))
  }

  func expire(afterSeconds seconds: UInt32) throws(KernelKeyError) {
    try Self.check(linux_set_key_timeout(serial, seconds))
  }

  func link(to keyring: Int32) throws(KernelKeyError) {
    try Self.check(linux_link_key(serial, keyring))
  }

  /// Invalidates it for everybody, also for a process that linked it elsewhere or knows its number. If the kernel does not
  /// let us, unlinks it from `keyring`. It is no error if the key is gone already.
  func invalidate(orUnlinkFrom keyring: Int32) throws(KernelKeyError) {
    if linux_invalidate_key(serial) == 0 { return }
    let result = linux_unlink_key(serial, keyring)
    if result < 0, Self.isAbsence(errno) { return }
    try Self.check(result)
  }

  /// Unlinks it from a keyring that ends with this process anyway.
  func unlink(from keyring: Int32) {
    _ = linux_unlink_key(serial, keyring)
  }

  private static func check(_ result: Int) throws(KernelKeyError) {
    if result < 0 { throw .refused(errno: errno) }
  }

  /// Whether there is no such key or type of keys, or the key has expired or was revoked.
  private static func isAbsence(_ errno: Int32) -> Bool {
    [ENOKEY, EKEYEXPIRED, EKEYREVOKED, ENOENT, ENODEV].contains(errno)
  }
}

/// What the kernel said instead of keeping a secret, with errno(3): ENOSYS and EPERM in containers, EDQUOT if the
/// user's quota is used up (keyrings(7), /proc/sys/kernel/keys).
package enum KernelKeyError: Error, Equatable {
  case refused(errno: Int32)
}

/// Kinds of keys that user programs may fill as they like (keyrings(7)).
package enum KernelKeyType: String, CaseIterable, Sendable {
  /// Costs little of the user's quota; may be swapped out, encrypted. Not in every kernel.
  case big = "big_key"
  /// Counts in full against the quota, 20 000 bytes as a rule.
  case user
}
