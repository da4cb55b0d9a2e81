import Foundation
import Glibc
import TestSupport
import Testing

/// Files that the user names on the command line or in variables, and that are no plain files.
@Suite(.keyring)
struct NamedFileTests {
  private static let columns = "Access key ID,Secret access key\\n"
  private static let row = "AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n"

  /// In a shell that has `<(…)`.
  private func run(_ command: String, in scene: Scene) throws -> Launch.Outcome {
    scene.scratch.write(command, to: "home/script")
    return try scene.run("bash script")
  }

  @Test(arguments: [
    "daypass add alice --csv <(printf '%b' '\(columns)'; printf '%b' '\(row)')",
    "printf '%b' '\(columns)\(row)' | daypass add alice --csv /dev/stdin",
    "printf '%b' '\(columns)\(row)' > file; daypass add alice --csv /dev/stdin < file",
    "mkfifo pipe; printf '%b' '\(columns)\(row)' > pipe & until test -p pipe; do :; done; daypass add alice --csv pipe",
  ])
  func `a key comes through a pipe`(command: String) throws {
    let scene = try Scene()
    let outcome = try run(command, in: scene)
    #expect(outcome.errorText.contains("daypass: stored in the keyring as profile 'alice'\n"), "\(outcome.errorText)")
    #expect(outcome.status == .exited(0))
    #expect(try scene.configText == "[profile alice]\n")
  }

  @Test(arguments: [
    ("/dev/zero", 64, "daypass: /dev/zero is neither a file nor a pipe\n"),
    ("/dev/null", 64, "daypass: /dev/null has no columns 'Access key ID' and 'Secret access key'\n"),
    ("/", 1, "daypass: cannot read /: Is a directory\n"),
    ("<(yes)", 64, " holds more than 65536 bytes, so it is not a key file\n"),
  ])
  func `what is no key file is named`(file: String, status: Int32, cause: String) throws {
    let scene = try Scene()
    let outcome = try run("daypass add alice --csv \(file)", in: scene)
    #expect(outcome.errorText.contains(cause), "\(outcome.errorText)")
    #expect(outcome.status == .exited(status))
  }

  @Test(arguments: [
    "AWS_CONFIG_FILE=<(printf '[profile piped]\\nregion = eu-west-1\\n') daypass list --names",
    "printf '[profile piped]' | AWS_CONFIG_FILE=/dev/stdin daypass list --names",
    "AWS_SHARED_CREDENTIALS_FILE=<(printf '[piped]\\n') AWS_CONFIG_FILE=/dev/null daypass list --names",
  ])
  func `a config comes through a pipe`(command: String) throws {
    let scene = try Scene(config: Scene.config)
    let outcome = try run(command, in: scene)
    #expect(outcome.outputText.split(separator: "\n").contains("piped"), "\(outcome.errorText)")
    #expect(outcome.status == .exited(0))
  }

  @Test(arguments: ["exec alice -- true", "credential-process alice", "list"])
  func `a config that is a pipe without a writer holds no command up for ever`(command: String) throws {
    let scene = try Scene.withAlice()
    try #require(mkfifo(scene.scratch.path("home/pipe"), 0o600) == 0)
    let outcome = try scene.run("AWS_CONFIG_FILE=$HOME/pipe daypass \(command)")
    #expect(
      outcome.errorText == """
        daypass: timed out waiting for data from the pipe \(scene.home)/pipe
        daypass: hint: start what writes to it, or name a file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE

        """)
    #expect(outcome.status == .exited(65))
  }

  /// A pipe would be waited for twice.
  @Test(.enabled(if: Installed.has("strace"), "strace is not installed"))
  func `files with a mistake in them are read once, though hints can name a profile that only they tell`() throws {
    let scene = try Scene(config: "[profile alice\n")
    let outcome = try scene.run("strace -o trace -e trace=openat daypass exec alice -- true")
    #expect(outcome.status == .exited(65))
    let opened = try scene.scratch.text(of: "home/trace").split(separator: "\n")
    #expect(opened.count { $0.contains("/.aws/config\"") } == 1, "\(opened)")
  }

  @Test(arguments: ["<(:)", "/dev/null", "/dev/zero"])
  func `a config that cannot be changed is reported before a key is asked for or stored`(file: String) throws {
    let scene = try Scene()
    let outcome = try run("AWS_CONFIG_FILE=\(file) daypass add alice --stdin < /dev/null", in: scene)
    #expect(outcome.errorText.contains(" is not a regular file\ndaypass: hint: "), "\(outcome.errorText)")
    #expect(outcome.status == .exited(65))
    #expect(try !scene.prepare("daypass list").contains("alice"))
  }

  @Test func `certificates that come through a pipe are refused, since they are read more than once`() throws {
    let scene = try Scene.withAlice()
    try #require(mkfifo(scene.scratch.path("home/pipe"), 0o600) == 0)
    let outcome = try scene.run(
      "AWS_CA_BUNDLE=$HOME/pipe AWS_ENDPOINT_URL=https://localhost:9 daypass whoami alice --no-session")
    #expect(outcome.errorText.contains("cannot read the certificates in \(scene.home)/pipe\n"), "\(outcome.errorText)")
    #expect(outcome.status == .exited(65))
  }
}

// MARK: - A home that changes

/// `add` while somebody has `~/.aws` and a link change places.
@Suite(.keyring)
struct SwappedHomeTests {
  private static let key = "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n"

  @Test func `each of two configs keeps its own, and every profile that was added is in one of them`() throws {
    let scene = try Scene(config: "[profile here]\n")
    scene.scratch.makeFolder("home/elsewhere")
    scene.scratch.write("[profile there]\n", to: "home/elsewhere/config")
    try FileManager.default.createSymbolicLink(
      atPath: scene.scratch.path("home/link"), withDestinationPath: "elsewhere")

    let swapper = Swapper(scene.scratch.path("home/.aws"), scene.scratch.path("home/link"))
    let added = try (0..<Soak.rounds(20, soak: 500)).map { "p\($0)" }.filter { name in
      try scene.run("daypass add \(name) --stdin --no-verify --force", input: Self.key).status == .exited(0)
    }
    let swaps = swapper.end()

    #expect(!added.isEmpty && swaps > 0)
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: scene.scratch.path("home/.aws"))) != nil
    let folder = isLink ? "home/link" : "home/.aws"
    let here = try scene.scratch.text(of: folder + "/config")
    let there = try scene.scratch.text(of: "home/elsewhere/config")
    #expect(here.hasPrefix("[profile here]\n") && there.hasPrefix("[profile there]\n"))
    let lines = (here + there).split(separator: "\n").map(String.init)
    #expect(lines.sorted() == (["here", "there"] + added).map { "[profile \($0)]" }.sorted())
    #expect(try scene.scratch.names(in: folder) == ["config"])
    #expect(try scene.scratch.names(in: "home/elsewhere") == ["config"])
  }
}
