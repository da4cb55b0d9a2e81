import CLinux
import Glibc

/// The keys that programs of a test left in the kernel, which outlive a scratch folder.
package enum KernelKeys {
  /// Whether the kernel keeps keys for us; many containers forbid it.
  package static let areAllowed: Bool = {
    let key = linux_add_key("user", "daypass-test:probe", "x", 1, linux_process_keyring)
    return key >= 0 && linux_unlink_key(key, linux_process_keyring) == 0
  }()

  /// The descriptions of the user's keys that have `text` in them.
  package static func descriptions(with text: String) -> [String] {
    serials.compactMap(description).filter { $0.contains(text) }
  }

  package static func forget(with text: String) {
    for serial in serials where description(of: serial)?.contains(text) == true {
      linux_unlink_key(serial, linux_user_keyring)
    }
  }

  /// The number of a key of this user, for asking for it as somebody else.
  package static func serial(with text: String) -> Int32? {
    serials.first { description(of: $0)?.contains(text) == true }
  }

  private static var serials: [Int32] {
    var serials = [Int32](repeating: 0, count: 4_096)
    let size = serials.withUnsafeMutableBytes { linux_read_key(linux_user_keyring, $0.baseAddress, $0.count) }
    return Array(serials.prefix(max(0, size) / MemoryLayout<Int32>.size))
  }

  /// Its type, owner, permissions and name.
  private static func description(of serial: Int32) -> String? {
    var text = [CChar](repeating: 0, count: 4_096)
    return linux_describe_key(serial, &text, text.count) > 0 ? TestSupport.text(text) : nil
  }
}
