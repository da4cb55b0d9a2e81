import TestSupport
import Testing

/// A command that cannot be run: the statuses shells give, and the cause in words.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct CommandRefusalTests {
  struct Refusal: CustomTestStringConvertible {
    let command: String
    let status: Int32
    let problem: String

    var testDescription: String { command }
  }

  private static let refusals = [
    Refusal(command: "nonexistent", status: 127, problem: "command not found: nonexistent"),
    Refusal(command: "./nonexistent", status: 127, problem: "command not found: ./nonexistent"),
    Refusal(command: "''", status: 127, problem: "command not found: "),
    Refusal(
      command: "./missing-interpreter", status: 127,
      problem: "cannot run ./missing-interpreter: the program that its first line names is missing"),
    Refusal(command: "./plain", status: 126, problem: "cannot run ./plain: permission denied"),
    Refusal(command: "./folder", status: 126, problem: "cannot run ./folder: it is a directory"),
    Refusal(command: "./loop", status: 126, problem: "cannot run ./loop: Too many levels of symbolic links"),
    Refusal(command: "/dev/null", status: 126, problem: "cannot run /dev/null: permission denied"),
  ]

  @Test func `what cannot be run ends with the shells' status and a cause`() throws {
    let scene = try Scene.withAlice()
    try scene.prepare(
      "mkdir folder; echo x >plain; ln -s loop loop; printf '#!/nonexistent\\n' >missing-interpreter;"
        + "chmod 755 missing-interpreter")
    for refusal in Self.refusals {
      let direct = try scene.run("bash -c 'exec \(refusal.command.replacing("'", with: "\\\""))'")
      let through = try scene.run("daypass exec alice --no-session -- \(refusal.command)")
      #expect(through.status == .exited(refusal.status), "\(refusal.command)")
      #expect(through.status == direct.status, "\(refusal.command)")
      #expect(through.errorText == "daypass: \(refusal.problem)\n")
    }
  }

  @Test func `a script without a first line that names its program runs as a shell runs it`() throws {
    let scene = try Scene.withAlice()
    scene.scratch.write("echo \"$0 $# $2\"; exit 5\n", to: "home/script", mode: 0o755)
    let through = try scene.run("daypass exec alice --no-session -- ./script one 'two words'")
    let direct = try scene.run("exec env ./script one 'two words'")
    #expect(through == direct)
    #expect(through.outputText == "./script 2 two words\n" && through.status == .exited(5))
  }

  /// The kernel has room for a direct run, and the session's token takes the last of it.
  @Test func `arguments and environment that are too long end with 126 and the cause`() throws {
    let scene = try Scene.withAlice()
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    // A quarter of the stack's limit, 128 KiB, is what execve(2) takes; there is no telling what the rest comes to.
    for size in stride(from: 129_000, to: 131_000, by: 100) {
      let pair = DirectAndThrough(["/bin/true"], after: "ulimit -s 512", options: [], in: scene) { launch in
        launch.environment.append(Array("FILLER=\(String(repeating: "x", count: size))".utf8))
      }
      let outcomes = try pair.outcomes()
      guard outcomes.through.status != .exited(0) else { continue }
      #expect(outcomes.direct.status == .exited(0))
      #expect(outcomes.through.status == .exited(126))
      let problem = "daypass: cannot run /bin/true: the arguments and the environment are too long\n"
      #expect(outcomes.through.errorText == problem)
      return
    }
    Issue.record("there was room for everything")
  }
}
