import Glibc
import TestSupport
import Testing

/// A command that is stopped while it waits for the keyring, as by Ctrl-Z, or with the whole machine.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct StoppedCallTests {
  @Test func `the time for which a command was stopped is not held against the keyring`() throws {
    let scene = try Scene.withAlice()
    scene.keyring.freeze()
    let connections = scene.keyring.bus.connectionCount
    let running = try scene.launch("exec daypass credential-process alice --no-session").start()
    #expect(eventually { scene.keyring.bus.connectionCount > connections })
    running.send(SIGSTOP)
    // Longer than a keyring has time to answer.
    let start = ContinuousClock.now
    #expect(eventually { ContinuousClock.now - start > .seconds(3) })
    running.send(SIGCONT)
    scene.keyring.resume()
    let outcome = try running.wait()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }
}
