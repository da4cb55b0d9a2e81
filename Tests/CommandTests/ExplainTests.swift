import Foundation
import TestSupport
import Testing

/// `explain` decides all that `exec` decides, and asks nobody.
@Suite(.keyring)
struct ExplainTests {
  private func steps(_ scene: Scene, _ options: String = "") throws -> [[String: Any]] {
    let text = try scene.prepare("daypass explain readonly --json \(options)")
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    return try #require(document["steps"] as? [[String: Any]])
  }

  @Test(.enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here"))
  func `a cached session spares the MFA code, and explain says so`() throws {
    let scene = try Scene.withAlice()
    #expect(try steps(scene).map { $0["isNeeded"] as? Bool } == [true, true])
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    let first = try #require(steps(scene).first)
    #expect(try steps(scene).map { $0["isNeeded"] as? Bool } == [false, true])
    #expect((first["session"] as? [String: Any])?["secondsLeft"] as? Int == 39_600)
    #expect(try scene.prepare("daypass explain readonly").contains("TokenCode        not needed"))
    try scene.prepare("daypass exec readonly -- true")
    #expect(try steps(scene).map { $0["isNeeded"] as? Bool } == [false, false])
    for wish in ["--fresh", "--min-left 2h"] {
      #expect(try steps(scene, wish).map { $0["isNeeded"] as? Bool } == [false, true], "\(wish)")
    }
  }

  @Test func `explain calls what exec calls`() throws {
    let scene = try Scene.withAlice()
    let explained = try steps(scene).compactMap { $0["call"] as? String }
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    #expect(explained == scene.actions)
  }

  @Test(.enabled(if: Trace.isPossible, "strace is not installed, or may not trace"))
  func `explain opens no socket, reads no secret of the kernel's and starts no program`() throws {
    let scene = try Scene.withAlice()
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    scene.double.forgetCalls()
    let file = scene.scratch.path("explain-trace")
    let calls = "socket,connect,keyctl,add_key,request_key,execve,/open"
    let outcome = try scene.run("strace -f -qq -o \(file) -e trace=\(calls) $(command -v daypass) explain readonly")
    #expect(outcome.status == .exited(0) && outcome.outputText.contains("AssumeRole"), "\(outcome.errorText)")
    let lines = try scene.scratch.text(of: "explain-trace").split(separator: "\n")
    let forbidden = ["socket(", "connect(", "KEYCTL_READ", "add_key(", "request_key(", "/dev/tty", "keyrings"]
    for word in forbidden { #expect(lines.filter { $0.contains(word) } == [], "\(word)") }
    #expect(lines.filter { $0.contains("execve(") }.count == 1)
    #expect(scene.double.calls.isEmpty)
  }

  @Test func `explain needs no bus and no keyring`() throws {
    let scene = try Scene(config: Scene.config, on: BorrowedKeyring())
    let outcome = try scene.run(
      "env -u DBUS_SESSION_BUS_ADDRESS -u XDG_RUNTIME_DIR PATH=\"$PATH\" HOME=\"$HOME\" daypass explain readonly")
    #expect(outcome.status == .exited(0) && outcome.errorText.isEmpty)
  }
}
