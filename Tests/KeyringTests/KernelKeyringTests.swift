import CLinux
import Glibc
import Secrets
import TestSupport
import Testing

@testable import Keyring

/// The real kernel, under a name of each test's own.
@Suite(.enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here"))
final class KernelKeyringTests {
  private let scratch = ScratchFolder()
  private var keyring: KernelKeyring { KernelKeyring(name: scratch.path) }

  deinit { KernelKeys.forget(with: scratch.path) }

  @Test(arguments: [1, 4_096, 4_097, 20_000])
  func `a secret comes back byte for byte`(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try keyring.save(SecretBytes(copying: bytes.span), named: "a", seconds: 60)
    #expect(try text("a") == bytes)
    #expect(try text("b") == nil)
  }

  @Test func `a secret is replaced and removed under its name`() throws {
    try save("one", "a")
    try save("two", "a")
    try save("other", "b")
    #expect(try text("a") == Array("two".utf8))
    #expect(try keyring.names().sorted() == ["a", "b"])
    try keyring.remove(named: "a")
    try keyring.remove(named: "a")
    #expect(try keyring.names() == ["b"])
  }

  @Test func `the kernel ends a secret when its time is over`() throws {
    try save("short", "a", seconds: 1)
    let isGone = eventually { (try? text("a")) == .some(nil) && (try? keyring.names()) == [] }
    #expect(isGone)
  }

  @Test func `whether something is kept, and for how long at least, is known without reading it`() throws {
    #expect(try keyring.secondsLeft(named: "a") == nil)
    try save("mine", "a", seconds: 7_199)
    #expect(try keyring.secondsLeft(named: "a") == 3_600)
  }

  @Test(arguments: [("59s", 59), ("12m", 720), ("11h", 39_600), ("6d", 518_400), ("perm", 0), ("expd", 0)])
  func `the kernel's rough times are understood`(text: Substring, seconds: Int) {
    #expect(KernelKey.seconds(text) == seconds)
  }

  @Test func `keys of other names are not ours`() throws {
    try save("mine", "a")
    let other = KernelKeyring(name: scratch.path + ":elsewhere")
    try other.save(SecretBytes(copying: "theirs"), named: "a", seconds: 60)
    try other.remove(named: "b")
    #expect(try text("a") == Array("mine".utf8))
    #expect(try other.names() == ["a"])
  }

  @Test func `a kind of key that this kernel lacks is no reason to fail`() throws {
    for types in [KernelKeyType.allCases, KernelKeyType.allCases.reversed()] {
      let keyring = KernelKeyring(name: scratch.path, types: types)
      try keyring.save(SecretBytes(copying: "\(types)"), named: "a", seconds: 60)
      #expect(try text("a") == Array("\(types)".utf8), "what one order saved, the other finds, and only that")
    }
  }

  @Test(.enabled(if: geteuid() == 0 && Installed.has("setpriv", "python3"), "needs root, to be somebody else"))
  func `another user can neither read nor end a secret`() throws {
    try save("mine", "a")
    let serial = try #require(KernelKeys.serial(with: scratch.path))
    let program = """
      import ctypes
      libc = ctypes.CDLL(None, use_errno=True)
      number = {'x86_64': 250, 'aarch64': 219}[__import__('os').uname().machine]
      for operation in (11, 3, 6):
          print(libc.syscall(number, operation, \(serial), ctypes.create_string_buffer(99), 99), ctypes.get_errno())
      """
    let outcome = try Launch(
      "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "python3", "-c", program]
    ).run()
    #expect(outcome.outputText == "-1 13\n-1 13\n-1 13\n", "\(outcome.errorText)")
    #expect(try text("a") == Array("mine".utf8))
  }

  @Test func `a secret that was removed cannot be read by a process that knows its number, either`() throws {
    try save("mine", "a")
    let serial = try #require(KernelKeys.serial(with: scratch.path))
    #expect(linux_read_key(serial, nil, 0) == 4)
    try keyring.remove(named: "a")
    #expect(linux_read_key(serial, nil, 0) == -1)
  }

  private func save(_ text: String, _ name: String, seconds: UInt32 = 60) throws {
    try keyring.save(SecretBytes(copying: text), named: name, seconds: seconds)
  }

  private func text(_ name: String) throws -> [UInt8]? {
    try keyring.secret(named: name).withValue { $0.array }
  }
}
