import Foundation
import TestSupport
import Testing

@Suite(.waiting, .enabled(if: Installed.has("make"), "make is not installed"))
struct InstallTests {
  private let target = ScratchFolder()

  @Test func `Debian's folders are used under usr`() throws {
    try make("install", prefix: "/usr")
    #expect(try files() == expected(under: "usr", zsh: "vendor-completions"))
  }

  @Test func `zsh's own folder is used under usr local`() throws {
    try make("install", prefix: "/usr/local")
    #expect(try files() == expected(under: "usr/local", zsh: "site-functions"))
  }

  @Test(arguments: ["/usr", "/usr/local"])
  func `uninstall leaves nothing`(prefix: String) throws {
    try make("install", prefix: prefix)
    try make("uninstall", prefix: prefix)
    #expect(try files() == [])
  }

  /// With stubs for the release binaries, which tests do not build.
  private func make(_ goal: String, prefix: String) throws {
    let stub = target.write("#!/bin/sh\n", to: "stub", mode: 0o755)
    target.write("#!/bin/sh\n", to: "stub-server", mode: 0o755)
    let path = try #require(Installed.path(of: "make"))
    let launch = Launch(
      path, ["-C", Project.path(), goal, "DESTDIR=\(target.path)/root", "PREFIX=\(prefix)", "BINARY=\(stub)"])
    let outcome = try launch.run()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }

  private func files() throws -> [String] {
    let root = target.path + "/root"
    let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return found.filter {
      (try? FileManager.default.attributesOfItem(atPath: root + "/" + $0)[.type]) as? FileAttributeType == .typeRegular
    }
    .sorted()
  }

  private func expected(under prefix: String, zsh: String) throws -> [String] {
    let completions = [
      "bash-completion/completions/daypass", "zsh/\(zsh)/_daypass", "fish/vendor_completions.d/daypass.fish",
    ]
    let shared = try Project.names(in: "man").map { "man/man\($0.last ?? "1")/" + $0 } + completions
    let programs = ["bin/daypass", "libexec/daypass/daypass-server"]
    return (shared.map { "share/\($0)" } + programs).map { "\(prefix)/\($0)" }.sorted()
  }
}
