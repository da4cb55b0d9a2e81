import Foundation
import TestSupport
import Testing

/// `.ci/setup`, which make runs first, on machines that a PATH makes up.
@Suite(.waiting)
struct SetupTests {
  private let scratch = ScratchFolder()

  @Test func `without apt it says what is missing for what, and stops`() throws {
    machine(has: ["cc", "git"])
    let outcome = try setup().run()
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.errorText == """
        setup: this machine has no apt-get; install these by other means (in brackets, Debian's packages):
          pkg-config
          the headers of libsecret, for the keyring (libsecret-1-dev)
          the headers of libcurl, for HTTPS (libcurl4-openssl-dev)
          the headers of OpenSSL 3, for signatures (libssl-dev)
          the headers of Expat, for XML (libexpat1-dev)
          the headers of libqrencode, for QR codes (libqrencode-dev)

        """)
  }

  @Test func `without apt it goes on if everything is there`() throws {
    machine(has: ["cc", "git", "pkg-config"])
    #expect(try setup().run().status == .exited(0))
  }

  @Test func `root gets the packages at once`() throws {
    machine(has: ["apt-get"], user: 0)
    #expect(try setup().run().status == .exited(0))
    #expect(try installed().hasPrefix("apt-get install -y -qq --no-install-recommends build-essential pkg-config "))
  }

  @Test func `without a terminal nobody can agree to sudo, so the command is shown and nothing is run`() throws {
    machine(has: ["apt-get", "sudo"])
    let outcome = try setup().run()
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("setup: daypass needs these packages: build-essential pkg-config "))
    #expect(outcome.errorText.contains("setup: run this first: sudo apt-get install build-essential pkg-config "))
    #expect(try installed() == "")
  }

  @Test func `sudo is used without a question if that was agreed to in advance, as by .ci/run`() throws {
    machine(has: ["apt-get", "sudo"])
    var launch = setup()
    launch.environment.append(Array("DAYPASS_SUDO=yes".utf8))
    #expect(try launch.run().status == .exited(0))
    #expect(try installed().hasPrefix("sudo env DEBIAN_FRONTEND=noninteractive apt-get install "))
  }

  @Test func `without sudo the command for root is shown`() throws {
    machine(has: ["apt-get"])
    let outcome = try setup().run()
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("setup: run this as root: apt-get install build-essential pkg-config "))
  }

  @Test(arguments: ["n", ""])
  func `at a terminal sudo is not used without a yes`(answer: String) throws {
    machine(has: ["apt-get", "sudo"])
    let terminal = try PseudoTerminal(setup())
    try terminal.expect("install them with sudo apt-get? [y/N] ")
    try terminal.send(answer + "\n")
    try terminal.expect("setup: nothing is installed")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(try installed() == "")
  }

  @Test func `at a terminal sudo is used after a yes`() throws {
    machine(has: ["apt-get", "sudo"])
    let terminal = try PseudoTerminal(setup())
    try terminal.expect("install them with sudo apt-get? [y/N] ")
    try terminal.send("y\n")
    try terminal.expect("installing them with sudo apt-get")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try installed().hasPrefix("sudo env DEBIAN_FRONTEND=noninteractive apt-get install "))
  }

  private func setup() -> Launch {
    Launch("/bin/sh", [Project.path(".ci/setup"), "build"], environment: ["PATH=\(scratch.path("bin"))"])
  }

  /// Makes a machine that has Swift and `programs` but no package; its apt-get and sudo note what they were to do.
  private func machine(has programs: [String], user: Int = 1_000) {
    scratch.makeFolder("bin")
    scratch.write("", to: "log")
    let note = "case $* in *install*) echo \"${0##*/} $*\" >>'\(scratch.path("log"))';; esac"
    var commands = ["swift": "echo Swift version 6.3", "id": "echo \(user)", "dpkg-query": "exit 1"]
    for program in programs { commands[program] = note }
    for (name, command) in commands { scratch.write("#!/bin/sh\n\(command)\n", to: "bin/\(name)", mode: 0o755) }
    for name in ["dirname", "sed", "env"] {
      try? FileManager.default.createSymbolicLink(
        atPath: scratch.path("bin/\(name)"), withDestinationPath: Installed.path(of: name) ?? "")
    }
  }

  private func installed() throws -> String { try scratch.text(of: "log") }
}
