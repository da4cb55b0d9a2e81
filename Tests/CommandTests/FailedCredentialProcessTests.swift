import AWSDouble
import TestSupport
import Testing

/// What an SDK gets where there are no credentials: nothing on stdout, a status, and on stderr a line of cause and one of
/// what to do.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct FailedCredentialProcessTests {
  /// A call that fails, what makes it fail, and the status it ends with.
  struct Failure: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int32
    var profile = "alice"
    var options = ""
    var prepare: @Sendable (Scene) throws -> Void = { _ in }

    var testDescription: String { name }
  }

  static let failures: [Failure] = [
    Failure(name: "no such profile", status: 66, profile: "nobody"),
    Failure(name: "a profile named to steer a terminal", status: 66, profile: "$(printf '\\033[2J\\033]0;x\\007')"),
    Failure(name: "no key", status: 66, options: "--no-session") { try $0.prepare("daypass remove alice --force") },
    Failure(name: "nobody to ask for a code", status: 77),
    Failure(name: "a code that is no code", status: 64, options: "--mfa-code 12345"),
    Failure(name: "a wrong code", status: 77, options: "--mfa-code 000000"),
    Failure(name: "an option that is none", status: 64, options: "--colour"),
    Failure(name: "a duration that AWS does not allow", status: 64, options: "--duration 5m"),
    Failure(name: "a config that is none", status: 65) { $0.scratch.write("[profile alice\n", to: "home/.aws/config") },
    Failure(name: "a config that is binary", status: 65) {
      $0.scratch.write("\u{1b}[2J\u{0}\u{7}\n", to: "home/.aws/config")
    },
    Failure(name: "a locked keyring", status: 78) { try $0.keyring.lock() },
    Failure(name: "no keyring", status: 69) { $0.keyring.kill() },
    Failure(name: "AWS that throttles", status: 75, options: "--mfa-code {code}") {
      $0.double.fail(nil, with: .throttle, times: 9)
    },
    Failure(name: "AWS that cuts its answer", status: 75, options: "--mfa-code {code}") {
      $0.double.fail(nil, with: .cut, times: 9)
    },
    Failure(name: "a login page in AWS's place", status: 75, options: "--mfa-code {code}") {
      $0.double.fail(nil, with: .garbage, times: 9)
    },
    Failure(name: "a refusal that steers a terminal", status: 77, options: "--mfa-code {code}") {
      let words = "no\u{9b}2J\u{202e} way"
      $0.double.fail(nil, with: .refuse(status: 403, code: "AccessDenied", message: words), times: 9)
    },
    Failure(name: "no AWS at all", status: 75, options: "--mfa-code 123456") {
      $0.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    },
    Failure(name: "an endpoint in clear", status: 65) { $0.environment["AWS_ENDPOINT_URL"] = "http://example.com" },
  ]

  @Test(arguments: failures)
  func `a failure is a status, a cause and a hint, and nothing on stdout`(failure: Failure) throws {
    let scene = try Scene.withAlice()
    try failure.prepare(scene)
    let outcome = try scene.run("daypass credential-process \"\(failure.profile)\" \(failure.options)")
    #expect(outcome.status == .exited(failure.status), "\(outcome.errorText)")
    #expect(outcome.output == [])
    let lines = outcome.errorText.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines.last == "")
    #expect(lines[0].hasPrefix("daypass: ") && lines.dropFirst().first?.hasPrefix("daypass: hint: ") == true)
    let steering = outcome.errorText.unicodeScalars.filter {
      $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(steering.isEmpty, "\(outcome.errorText.debugDescription)")
    #expect(SecretSweep(scene).leaks(in: outcome.errors) == [])
  }
}
