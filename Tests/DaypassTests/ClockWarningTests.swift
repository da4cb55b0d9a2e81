import AWSDouble
import TestSupport
import Testing

/// A machine whose clock is an hour behind AWS's.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ClockWarningTests {
  private static let warning =
    "daypass: warning: this machine's clock is off by 60 min: it is behind; AWS's time is used\n"
  private let keyring: PrivateKeyring
  private let home = ScratchFolder()
  private let aws: AWSDouble

  init() throws {
    keyring = try PrivateKeyring()
    aws = try AWSDouble.start(.demo)
    aws.clock = .offset(3600)
    home.makeFolder(".aws")
    home.write("[profile bob]\nregion = eu-west-1\n", to: ".aws/config")
  }

  private func run(_ arguments: String...) throws -> Launch.Outcome {
    let ours = [
      "HOME": home.path, "AWS_ENDPOINT_URL": aws.url, "AWS_ACCESS_KEY_ID": "AKIAI44QH8DHBEXAMPLE",
      "AWS_SECRET_ACCESS_KEY": "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    ]
    let environment = keyring.environment.merging(ours) { _, ours in ours }
    return try Launch(
      builtProgram("daypass"), arguments, environment: environment.map { "\($0.key)=\($0.value)" }
    ).run()
  }

  @Test func `each command that met it works all the same and says once how far the clock is off`() throws {
    defer { #expect(throws: Never.self) { try aws.stop() } }
    let added = try run("add", "bob", "--env")
    #expect(added.errorText.hasPrefix(Self.warning))
    #expect(added.errorText.ranges(of: Self.warning).count == 1)
    let asked = try run("whoami", "bob")
    #expect(asked.outputText == "arn:aws:iam::123456789012:user/team/bob\n")
    #expect(asked.errorText == Self.warning)
    let cached = try run("exec", "bob", "--", "true")
    #expect(cached.errorText == "", "nothing was asked, so nothing is known")
    #expect([added, asked, cached].map(\.status) == [.exited(0), .exited(0), .exited(0)])
  }
}
