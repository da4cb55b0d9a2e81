import Foundation
import Glibc
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Delivery

/// What `export` prints, evaluated by real shells.
struct ShellRoundTripTests {
  @Test func `the shells that every Debian has are here`() {
    #expect(Shell.installed.contains(.dash) && Shell.installed.contains(.bash))
  }

  @Test func `there are 500 values by hand and 10 000 at random`() {
    #expect(HostileValues.crafted.count == 500)
    #expect(HostileValues.all.count == 10_500)
  }

  @Test(arguments: Shell.installed)
  func `a shell gets every hostile value back and runs none of it`(shell: Shell) throws {
    let documents = shell.documents
    let reading = try shell.read(documents)
    #expect(reading.difference == nil)
    #expect(reading.effects == [])
    if shell.triesAll {
      ShellTally.record(refused: HostileValues.all.count - documents.count, effects: reading.effects.count)
    }
  }

  @Test(arguments: Shell.installed)
  func `a shell exports what it reads`(shell: Shell) throws {
    let environment = try environment(of: shell, after: .session(secret: "a'$(touch canary)\\", token: "\"`b`!"))
    #expect(environment["AWS_ACCESS_KEY_ID"] == "ASIAEXAMPLE")
    #expect(environment["AWS_SECRET_ACCESS_KEY"] == "a'$(touch canary)\\")
    #expect(environment["AWS_SESSION_TOKEN"] == "\"`b`!")
    #expect(environment["AWS_PROFILE"] == nil)
  }

  @Test(arguments: Shell.installed)
  func `a long-term key replaces an exported session whole`(shell: Shell) throws {
    let environment = try environment(of: shell, after: .key())
    #expect(environment["AWS_ACCESS_KEY_ID"] == "AKIAEXAMPLE")
    #expect(environment["AWS_SESSION_TOKEN"] == nil)
    #expect(environment["AWS_CREDENTIAL_EXPIRATION"] == nil)
  }

  @Test(arguments: Shell.installed)
  func `a shell fails on the line that is printed in place of credentials`(shell: Shell) throws {
    let folder = ScratchFolder()
    folder.write(try #require(shell.syntax.format.failure), to: "script")
    let next = shell.syntax == .fish ? "and echo deployed" : "echo deployed"
    var launch = Launch(
      shell.path, shell.options + ["-c", shell.reading("script", then: next)],
      environment: ["PATH=/usr/bin:/bin", "HOME=\(folder.path)"])
    launch.folder = folder.path
    let outcome = try launch.run()
    #expect(outcome.status == .exited(1))
    #expect(outcome.outputText == "")
  }

  @Test(.enabled(if: Shell.installed.contains(.fish), "fish is not installed"))
  func `a universal variable of fish stays the user's, and programs do not see it`() throws {
    let folder = ScratchFolder()
    let script = try ExportFormat.fish.render(
      .session(), CredentialVariables(profile: "prod", region: nil), inherited: EnvironmentBlock(entries: []))
    folder.write(script.revealed() ?? "", to: "script")
    let commands = """
      set -Ux AWS_PROFILE work; set -gx AWS_PROFILE other; source script; printenv AWS_PROFILE
      set -eg AWS_PROFILE; printenv AWS_PROFILE
      """
    // Without the user's configuration fish has no universal variables.
    var launch = Launch(
      Shell.fish.path, ["-c", commands],
      environment: ["PATH=/usr/bin:/bin", "HOME=\(folder.path)"])
    launch.folder = folder.path
    let outcome = try launch.run()
    #expect(outcome.outputText == "\nwork\n")
    let hint = "daypass: hint: AWS_PROFILE is universal, and empty in this shell now: set -eU AWS_PROFILE\n"
    #expect(outcome.errorText == hint)
  }

  @Test(arguments: ["dash", "bash", "mksh"])
  func `eval without quotes reads plain values as well`(shell: String) throws {
    let folder = ScratchFolder()
    let variables = CredentialVariables(profile: "prod", region: .ofUser("eu-west-1"))
    let script = try ExportFormat.sh.render(.session(), variables, inherited: EnvironmentBlock(entries: []))
    let file = folder.write(script.revealed() ?? "", to: "script")
    try #require(access("/usr/bin/" + shell, X_OK) == 0)
    let outcome = try Launch(
      "/usr/bin/" + shell, ["-c", "eval $(cat \(file)); echo $AWS_SECRET_ACCESS_KEY $AWS_REGION"]
    ).run()
    #expect(outcome.outputText == "made-up/secret+key= eu-west-1\n")
    #expect(outcome.errorText == "")
  }

  /// What programs that the shell starts get, once it has read the export of `credentials`.
  private func environment(of shell: Shell, after credentials: consuming Credentials) throws -> [String: String] {
    let folder = ScratchFolder()
    let script = try shell.syntax.format.render(
      credentials, CredentialVariables(profile: "prod", region: nil), inherited: EnvironmentBlock(entries: []))
    folder.write(script.revealed() ?? "", to: "script")
    var launch = Launch(
      shell.path, shell.options + ["-c", shell.reading("script", then: "exec env -0")],
      environment: [
        "PATH=/usr/bin:/bin", "HOME=\(folder.path)", "LC_ALL=\(shell.locale)", "AWS_PROFILE=stale",
        "AWS_SESSION_TOKEN=stale", "AWS_CREDENTIAL_EXPIRATION=stale",
      ])
    launch.folder = folder.path
    let outcome = try launch.run()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    return EnvironmentBlock(entries: outcome.output.split(separator: 0).map(Array.init)).dictionary
  }
}

// MARK: - Shell tally

/// Counts what shells were given; the figures are published when the process ends.
enum ShellTally {
  private static let counts = Mutex((shells: 0, refused: 0, effects: 0))
  private static let publishing: Void = { _ = atexit { ShellTally.publishFigures() } }()

  /// Records that a shell was given every hostile value: how many of them were refused, and what files it made.
  static func record(refused: Int, effects: Int) {
    _ = publishing
    counts.withLock { $0 = ($0.shells + 1, refused, $0.effects + effects) }
  }

  private static func publishFigures() {
    let counts = counts.withLock { $0 }
    let values = HostileValues.all.count
    publish(
      figure: "hostile values × shells through eval",
      "\(values) × \(counts.shells): \(values - counts.refused) read back equal, \(counts.refused) refused")
    publish(figure: "shell side effects", counts.effects)
  }
}
