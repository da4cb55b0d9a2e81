import Foundation
import Synchronization
import TestSupport
import Testing

/// How the command ends is what the caller of daypass sees: the wait status of a direct run, bit for bit.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ExitStatusTests {
  /// 256 exit codes, and the signals that end a process or leave it alone; those that stop it are tried by a shell.
  private static let endings =
    (0...255).map { "exit \($0)" } + (1...31).filter { !stopping.contains($0) }.map { "ulimit -c 0; kill -\($0) $$" }
  private static let stopping: [Int32] = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU]

  @Test func `every exit code and every death by a signal is as without daypass`() throws {
    let scene = try Scene.withAlice()
    let pairs = Self.endings.map { DirectAndThrough(["/bin/sh", "-c", $0], in: scene) }
    let differences = Mutex<[String]>([])
    // Each start waits for the keyring most of its time.
    DispatchQueue.concurrentPerform(iterations: pairs.count) { index in
      let difference = Self.difference(pairs[index], Self.endings[index])
      differences.withLock { $0 += difference }
    }
    let different = differences.withLock { $0 }
    let stops = try Self.stops(in: scene)
    #expect(different == [])
    #expect(stops.through == stops.direct && stops.direct.count == Self.stopping.count)
    let equal = pairs.count - different.count + zip(stops.direct, stops.through).count { $0 == $1 }
    let all = pairs.count + Self.stopping.count
    publish(figure: "exit codes and signal deaths equal to a direct run", "\(equal) of \(all)")
  }

  private static func difference(_ pair: DirectAndThrough, _ ending: String) -> [String] {
    do {
      let outcomes = try pair.outcomes()
      return outcomes.direct == outcomes.through ? [] : ["\(ending): \(outcomes)"]
    } catch {
      return ["\(ending): \(error)"]
    }
  }

  /// The wait statuses of a command that stops itself, and of its end once it was continued.
  private static func stops(in scene: Scene) throws -> (direct: [String], through: [String]) {
    let script = """
      import os, signal, sys
      for name in "STOP TSTP TTIN TTOU".split():
          child = os.fork()
          if child == 0:
              os.setpgid(0, 0)
              words = sys.argv[1:] + ["sh", "-c", f"kill -{name} $$; exit 9"]
              os.execvp(words[0], words)
          stopped = os.waitpid(child, os.WUNTRACED)[1]
          os.kill(child, signal.SIGCONT)
          print(name, stopped, os.waitpid(child, 0)[1])
      """
    func lines(_ prefix: String) throws -> [String] {
      scene.scratch.write(script, to: "home/stops.py")
      return try scene.prepare("/usr/bin/python3 -I stops.py \(prefix)").split(separator: "\n").map(String.init)
    }
    return (try lines(""), try lines("daypass exec alice --no-session --"))
  }
}
