import AWSDouble
import Foundation
import TestSupport
import Testing

/// The environment of a command, which is the user's but for one set of credentials.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ChildEnvironmentTests {
  /// What README and `man daypass-exec` call removed, and what is set.
  private static let removed = [
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_FILE", "AWS_SDK_LOAD_CONFIG",
    "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ACCOUNT_ID", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "DAYPASS_PROFILE",
  ]
  /// Alike, and not removed: other names, odd names, and entries that are none.
  private static let kept: [[UInt8]] =
    [
      "", "=", "=nameless", "no equals sign", "AWS_PROFILE", "aws_profile=x", "AWS_PROFILES=x", "XAWS_PROFILE=x",
      "AWS_PROFILE =x", "A=1", "A=2", "A=", "AWS_CA_BUNDLE=", "AWS_MAX_ATTEMPTS=3", "AWS_EC2_METADATA_DISABLED=true",
      "TEXT=line\nline\t\u{1b}[2J", "SSLKEYLOGFILE=/nonexistent/keys", "SECRET_BACKEND=file", "G_DEBUG=fatal-warnings",
      // The sign for kelvin is a K to Unicode, and to nobody who reads the environment.
      "AWS_ACCESS_\u{212A}EY_ID=x", "GREEK=\u{37e}",
    ].map { Array($0.utf8) } + [[0x42, 0x3d, 0xff, 0xfe], [0xff, 0x3d, 0x31]]

  @Test func `the rest of the environment arrives byte for byte and in order, and each credential once`() throws {
    let scene = try Scene.withAlice()
    let base = scene.environment.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) }
    // A million bytes, below the kernel's 128 KiB for each.
    let large = (0..<9).map { Array("LARGE\($0)=\(String(repeating: "x", count: 120_000))".utf8) }
    let stale = Self.removed.map { Array("\($0)=stale".utf8) }
    var launch = Launch(
      scene.scratch.path("bin/daypass"), ["exec", "alice", "--no-session", "--", "/bin/cat", "/proc/self/environ"])
    launch.environment = base + stale + Self.kept + stale + large + stale
    launch.session = .own
    launch.folder = scene.home
    let outcome = try launch.run()
    let entries = outcome.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(entries.count == base.count + Self.kept.count + large.count + Self.ours.count)
    let first = zip(entries, base + Self.kept + large + Self.ours).first { $0 != $1 }
    #expect(first == nil, "\(first.map { String(decoding: $0.0.prefix(80), as: UTF8.self) } ?? "")")
  }

  private static let ours: [[UInt8]] = {
    let key = Account.demo[user: "alice"]?.keys.first
    return [
      "AWS_ACCESS_KEY_ID=\(key?.id ?? "")", "AWS_SECRET_ACCESS_KEY=\(key?.secret ?? "")", "AWS_REGION=eu-west-1",
      "AWS_DEFAULT_REGION=eu-west-1", "DAYPASS_PROFILE=alice",
    ].map { Array($0.utf8) }
  }()
}
