import Foundation
import Glibc
import TestSupport
import Testing

/// Another process of the same user, without privileges, while secrets are held.
@Suite(
  .keyring, .enabled(if: Installed.has("python3", "dbus-run-session"), "python3 or dbus-run-session is not installed"))
struct IntruderTests {
  /// Waits in a call to AWS, with the key in memory and the connection with the keyring open.
  private static let script = """
    set -eu
    cd "$1"; export HOME=$PWD XDG_RUNTIME_DIR=$PWD AWS_ENDPOINT_URL=$2
    unset AWS_PROFILE DISPLAY WAYLAND_DISPLAY
    printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    mkdir -m 700 .aws; printf '[profile alice]\\nregion = eu-west-1\\n' >.aws/config
    # The keyring that gets the key is there a moment after the daemon.
    n=0
    until AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \\
      ./daypass add alice --env --no-verify 2>/dev/null
    do sleep 0.05; [ $((n += 1)) -lt 1000 ]; done
    ./daypass credential-process alice >out 2>errors & main=$!
    sleep 60 & other=$!
    trap 'kill $main $other' EXIT
    n=0
    until grep -q "0100007F:$4 01" /proc/net/tcp; do
      sleep 0.05; [ $((n += 1)) -lt 1000 ]; done
    echo "control:" $(python3 "$3" $other)
    echo "main:" $(python3 "$3" $main)
    """

  @Test func `can neither read nor trace us`() throws {
    let folder = ScratchFolder()
    let server = LoopbackServer(always: .stall([]))
    let intruder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "intruder.py").path
    for source in [try builtProgram("daypass"), intruder] {
      try #require(ChildProcess.run(["cp", source, folder.path], environment: [:]).status == 0)
    }
    folder.write(Self.script, to: "script", mode: 0o644)
    let port = String(server.port, radix: 16, uppercase: true)
    let words = [
      "dbus-run-session", "--", "sh", "./script", folder.path, "http://127.0.0.1:\(server.port)", "./intruder.py",
      String(repeating: "0", count: 4 - port.count) + port,
    ]
    var launch = Launch("/usr/bin/env", words, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"])
    if geteuid() == 0 {
      // root may do all this; nobody may not.
      try #require(Installed.has("setpriv"))
      _ = try Launch("/bin/chown", ["-R", "65534:65534", folder.path]).run()
      launch.arguments = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + words
    }
    launch.folder = folder.path
    launch.session = .own
    let outcome = try launch.run(within: 60)
    let lines = outcome.outputText.split(separator: "\n").map(String.init)
    _ = server.requests()
    let control = try #require(lines.first, "\(outcome.errorText)")
    #expect(control.contains("environ") && control.contains("maps"), "\(outcome.outputText)\(outcome.errorText)")
    #expect(lines.dropFirst() == ["main:"], "\(outcome.outputText)\(outcome.errorText)")
  }
}

// MARK: - Nothing of daypass to be seen

/// Whoever runs `daypass exec … -- CMD` sees CMD.
@Suite(.keyring)
struct InvisibleExecTests {
  @Test func `the command is the process that was started, without children or descriptors of ours`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run(
      "echo $$; exec daypass exec alice --no-session -- sh -c 'echo $$; cat /proc/$$/task/*/children; ls /proc/$$/fd'")
    let lines = outcome.outputText.split(separator: "\n")
    #expect(lines.count > 2 && lines[0] == lines[1])
    #expect(!outcome.outputText.contains("\n3\n"))
  }
}
