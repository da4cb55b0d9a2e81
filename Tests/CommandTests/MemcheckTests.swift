import TestSupport
import Testing

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
