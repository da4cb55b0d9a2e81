import Foundation
import Glibc
import TestSupport
import Testing

/// The binary as a file.
struct BinaryTests {
  @Test func `the libraries that are opened on first use are not linked`() throws {
    let outcome = try Launch("/usr/bin/ldd", [builtProgram("daypass")]).run()
    #expect(outcome.status == .exited(0))
    #expect(outcome.outputText.contains("libc.so.6"))
    for library in ["libsecret", "libgio", "libglib", "libcurl", "libcrypto", "libssl", "libexpat"] {
      #expect(!outcome.outputText.contains(library))
    }
  }

  @Test(
    .enabled(
      if: releaseFolder != nil && Installed.has("readelf"), "needs the release binaries, and readelf: make test"),
    arguments: ["daypass", "daypass-server"])
  func `a release binary is position independent, relocated before main, and looks for libraries nowhere of ours`(
    name: String
  ) throws {
    let outcome = try Launch("/usr/bin/readelf", ["-hldW", builtProgram(name)]).run()
    #expect(outcome.status == .exited(0))
    let text = outcome.outputText
    #expect(text.contains("Type:                              DYN"))
    #expect(text.contains("GNU_RELRO"))
    #expect(text.contains("(FLAGS)              BIND_NOW"))
    #expect(text.contains("Flags: NOW PIE"))
    #expect(!text.contains("RUNPATH") && !text.contains("RPATH"))
    let stack = text.split(separator: "\n").first { $0.contains("GNU_STACK") }
    #expect(stack.map { $0.contains(" RW ") } == true)
  }
}

// MARK: - Memcheck

/// The program under valgrind's memcheck, which looks at every access to memory: of Swift, C and the libraries.
@Suite(.keyring, .enabled(if: Soak.isOn && Installed.has("valgrind"), "seconds each, with valgrind: make soak"))
struct MemcheckTests {
  @Test(arguments: [
    "list", "explain alice", "export alice --mfa-code {code}", "credential-process alice --mfa-code {code}",
    "whoami alice --no-session", "exec alice --no-session -- true", "list-buckets alice --mfa-code {code}",
  ])
  func `no command reads or writes memory that is not its own`(command: String) throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("valgrind --quiet --error-exitcode=99 daypass \(command)")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }
}

// MARK: - Crashes

/// Fatal signals at many moments of a command, with core files allowed and Swift's crash report asked for.
@Suite(.keyring)
struct CrashTests {
  /// Sends $1 once the program is hardened against core files, a moment after that grows with $2.
  private static let script = """
    ulimit -c unlimited
    daypass export alice --no-session & id=$!
    until grep -q '^Max core file size *0 ' /proc/$id/limits || ! kill -0 $id; do :; done 2>/dev/null
    n=0; while [ $n -lt $2 ]; do n=$((n + 1)); done
    kill -$1 $id 2>/dev/null; wait $id; exit $?
    """

  @Test func `at many moments leave no core file and show no memory`() throws {
    let scene = try Scene.withAlice()
    scene.environment["SWIFT_BACKTRACE"] = "enable=yes,color=no,interactive=no"
    scene.scratch.write(Self.script, to: "crash")
    var crashes = 0
    let rounds = Soak.rounds(30, soak: 500)
    for round in 0..<rounds {
      let signal = ["SEGV", "ABRT", "QUIT"][round % 3]
      let outcome = try scene.run("exec sh ../crash \(signal) \(round * 10_000 / rounds)")
      if outcome.status != .exited(0) { crashes += 1 }
      #expect(SecretSweep(scene).leaks(in: outcome.errors) == [])
      #expect(!outcome.errorText.contains("Registers"))
      #expect(try scene.scratch.names(in: "home").filter { $0.hasPrefix("core") } == [], "\(signal), \(round)")
    }
    #expect(crashes > 0)
    let cores = "0 core files\(Self.leavesCores ? "" : ", of which the kernel here leaves none anyway")"
    publish(figure: "crashes in mid-command", "\(crashes) (\(cores), 0 bytes of memory shown)")
  }

  /// Whether a program that is not hardened leaves one in its folder; some kernels give them to another program.
  private static let leavesCores: Bool = {
    let folder = ScratchFolder()
    var launch = Launch("/bin/sh", ["-c", "ulimit -c unlimited; kill -SEGV $$"])
    launch.folder = folder.path
    _ = try? launch.run()
    return (try? folder.names())?.isEmpty == false
  }()
}

// MARK: - Shells that read exports

/// What `export` prints, read by the shells it is for.
@Suite(.keyring)
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
