import Glibc
import Secrets
import TestSupport
import Testing

@testable import Delivery

struct ShellRoundTripTests {
  @Test func `the shells that every Debian has are here`() {
    #expect(Shell.installed.contains(.dash) && Shell.installed.contains(.bash))
  }

  @Test(arguments: Shell.installed, HostileValues.all)
  func `a shell gets every value back and runs none of it`(shell: Shell, value: String) throws {
    let folder = ScratchFolder()
    let format: ExportFormat = shell.path.hasSuffix("fish") ? .fish : .sh
    let script = try format.render(.session(secret: value, token: value), of: "prod", in: value)
    folder.write(script.revealed() ?? "", to: "script")

    let environment = try read("script", with: shell, in: folder.path)

    for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"] {
      #expect(environment[name] == value, "\(name)")
    }
    #expect(environment["AWS_ACCESS_KEY_ID"] == "ASIAEXAMPLE")
    #expect(environment["AWS_PROFILE"] == nil)
    #expect(try folder.names().filter { $0 == "canary" } == [])
  }

  @Test(arguments: Shell.installed)
  func `a long-term key replaces an exported session whole`(shell: Shell) throws {
    let folder = ScratchFolder()
    let format: ExportFormat = shell.path.hasSuffix("fish") ? .fish : .sh
    let script = try format.render(.key(), of: "prod", in: nil)
    folder.write(script.revealed() ?? "", to: "script")
    let environment = try read("script", with: shell, in: folder.path)
    #expect(environment["AWS_ACCESS_KEY_ID"] == "AKIAEXAMPLE")
    #expect(environment["AWS_SESSION_TOKEN"] == nil)
    #expect(environment["AWS_CREDENTIAL_EXPIRATION"] == nil)
  }

  @Test(arguments: ["dash", "bash", "mksh"])
  func `eval without quotes reads plain values as well`(shell: String) throws {
    let folder = ScratchFolder()
    let script = try ExportFormat.sh.render(.session(), of: "prod", in: "eu-west-1")
    let file = folder.write(script.revealed() ?? "", to: "script")
    try #require(access("/usr/bin/" + shell, X_OK) == 0)
    let outcome = try Launch(
      "/usr/bin/" + shell, ["-c", "eval $(cat \(file)); echo $AWS_SECRET_ACCESS_KEY $AWS_REGION"]
    ).run()
    #expect(outcome.outputText == "made-up/secret+key= eu-west-1\n")
    #expect(outcome.errorText == "")
  }

  private func read(_ script: String, with shell: Shell, in folder: String) throws -> [String: String] {
    var launch = Launch(
      shell.path, shell.arguments(reading: script),
      environment: [
        "PATH=/usr/bin:/bin", "HOME=\(folder)", "LC_ALL=\(shell.locale)", "AWS_PROFILE=stale",
        "AWS_SESSION_TOKEN=stale",
        "AWS_CREDENTIAL_EXPIRATION=stale",
      ])
    launch.folder = folder
    let outcome = try launch.run()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    return EnvironmentBlock(entries: outcome.output.split(separator: 0).map(Array.init)).dictionary
  }
}
