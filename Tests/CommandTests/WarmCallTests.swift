import TestSupport
import Testing

/// What a call with a cached session asks of the kernel: a guard against work that only a clock would notice.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here"),
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct WarmCallTests {
  private static let commands = ["exec alice -- true", "credential-process alice"]
  private let scene: Scene

  init() throws {
    scene = try Scene.withAlice()
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
  }

  @Test(arguments: commands) func `a warm call reads each config file once`(command: String) throws {
    let opened = try systemCalls(of: command).filter { $0.hasPrefix("open") }
    for file in ["config", "credentials"] {
      #expect(opened.count { $0.contains("/.aws/\(file)\"") } == 1, "\(opened)")
    }
  }

  @Test(arguments: commands) func `a warm call starts, connects to and loads nothing`(command: String) throws {
    let calls = try systemCalls(of: command)
    #expect(calls.contains { $0.hasPrefix("keyctl(KEYCTL_READ") })
    let forbidden = ["clone", "fork", "vfork", "socket", "connect", "wait4"]
    #expect(!calls.contains { call in forbidden.contains { call.hasPrefix($0) } || call.contains(".so") })
  }

  /// Generous: what stands here finds a loop that calls the kernel, not a call too many.
  @Test(arguments: commands) func `a warm call makes few system calls`(command: String) throws {
    let count = try systemCalls(of: command).count
    publish(figure: "system calls of a warm \(command.prefix { $0 != " " }), from main on", count)
    #expect(count < 300)
  }

  /// From the first thing that `main` does to the command that takes its place, or to the end.
  private func systemCalls(of command: String) throws -> [String] {
    try scene.prepare("strace -o trace daypass \(command)")
    let all = try scene.scratch.text(of: "home/trace").split(separator: "\n")
    let start = try #require(all.firstIndex { $0.hasPrefix("prctl(PR_SET_DUMPABLE") })
    return all[start...].prefix { !$0.hasPrefix("execve(") }.map(String.init)
  }
}
