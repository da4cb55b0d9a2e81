import CTestSupport
import Glibc

/// What is to be ended and removed when this process ends, however it ends: tests that are killed leave nothing behind.
///
/// A shell reads the list from a socket and carries it out when the socket closes, which the kernel sees to.
/// PR_SET_PDEATHSIG would not do: it fires when the starting thread ends, and is lost where a program with capabilities,
/// such as gnome-keyring-daemon, is executed.
package enum LastWill {
  package enum Entry: Equatable, Sendable {
    /// With the processes it started.
    case process(pid_t)
    case folder(String)

    fileprivate var words: String {
      switch self {
      case .process(let identifier): "process \(identifier)"
      case .folder(let path): "folder \(path)"
      }
    }
  }

  package static func add(_ entry: Entry) { tell("+ " + entry.words) }

  /// Of a process before its number is free for another.
  package static func withdraw(_ entry: Entry) { tell("- " + entry.words) }

  private static func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // Where nobody reads any more, there is nothing better to do than before.
    _ = bytes.withUnsafeBytes { send(executor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Our end of the socket. Nobody waits for the shell: it outlives us.
  private static let executor: Int32 = {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return -1 }
    defer { close(ends[1]) }
    return start(reading: ends[1]) ? ends[0] : -1
  }()

  private static func start(reading list: Int32) -> Bool {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, list, 0)
    for output in [1, 2] as [Int32] { posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0) }
    test_spawn_closes_from(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own: what a terminal or a runner sends to our group does not reach it.
    posix_spawnattr_setflags(&attributes, test_spawn_new_session())
    let words = ["sh", "-c", script]
    let arguments = words.map { strdup($0) } + [nil]
    let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
    defer { for text in arguments + environment { free(text) } }
    var identifier: pid_t = 0
    return posix_spawn(&identifier, "/bin/sh", &actions, &attributes, arguments, environment) == 0
  }

  private static let script = """
    cd /
    processes=' ' folders=' '
    while read -r sign kind name; do
      case $sign$kind in
        +process) processes="$processes$name " ;;
        +folder) folders="$folders$name " ;;
        -process) case $processes in *" $name "*) processes="${processes%%" $name "*} ${processes#*" $name "}" ;; esac ;;
        -folder) case $folders in *" $name "*) folders="${folders%%" $name "*} ${folders#*" $name "}" ;; esac ;;
      esac
    done
    end() {
      kill -STOP "$1"
      for child in $(cat "/proc/$1/task/"*/children); do end "$child"; done
      kill -KILL "$1"
    }
    for process in $processes; do end "$process"; done
    tries=0
    until rm -rf -- $folders || [ "$((tries += 1))" -gt 50 ]; do chmod -R u+rwX $folders; sleep 0.1; done
    """
}
