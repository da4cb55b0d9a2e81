import TestSupport
import Testing

/// What `export` prints, read by the shells it is for.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ShellTests {
  private static let shells = ["sh", "bash", "zsh", "mksh", "fish"].filter { Installed.has($0) }
  private static let shown = "env | grep -E '^AWS_' | sort"

  @Test(arguments: shells)
  func `a shell holds after export what exec gives`(shell: String) throws {
    let scene = try Scene.withAlice()
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    let ofExec = try scene.prepare("daypass exec readonly -- sh -c \"\(Self.shown)\"")
    let reading =
      shell == "fish" ? "daypass export --format fish readonly | source" : "eval \"$(daypass export readonly)\""
    scene.scratch.write("\(reading)\n\(Self.shown)\n", to: "home/script")
    let stale = ["AWS_PROFILE": "stale", "AWS_SECURITY_TOKEN": "stale", "AWS_SESSION_TOKEN": "stale"]
    let ofShell = try scene.run("\(shell) script", environment: stale)
    #expect(ofShell.status == .exited(0), "\(ofShell.errorText)")
    #expect(ofShell.outputText == ofExec)
    #expect(ofExec.contains("AWS_SESSION_TOKEN="))
  }
}
