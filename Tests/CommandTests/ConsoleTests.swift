import AWSDouble
import Foundation
import TestSupport
import Testing

/// `console` with a browser that follows where it is sent.
@Suite(.keyring, .enabled(if: Installed.has("curl"), "curl is not installed"))
struct ConsoleTests {
  private static let role = "arn:aws:sts::123456789012:assumed-role/ReadOnly/e2e"

  /// A browser that notes what it was started with, and what it came to.
  private func scene(_ config: String = Scene.config) throws -> Scene {
    let scene = try Scene(config: config, on: BorrowedKeyring())
    try scene.storeKey(of: "alice")
    scene.environment["DAYPASS_FEDERATION_URL"] = scene.double.url
    let script = "#!/bin/sh\necho \"$1\" >>\"\(scene.home)/opened\"\ncurl -sL \"$1\" >>\"\(scene.home)/page\"\n"
    scene.environment["DAYPASS_BROWSER"] = scene.scratch.write(script, to: "bin/browser", mode: 0o700)
    return scene
  }

  private func page(of scene: Scene) -> String? {
    let isThere = eventually { (try? scene.scratch.text(of: "home/page"))?.hasSuffix("\n") == true }
    return isThere ? try? scene.scratch.text(of: "home/page") : nil
  }

  @Test func `if the browser does not start, the page is shown`() throws {
    let scene = try scene()
    let outcome = try scene.run("daypass console readonly --browser /no/browser --mfa-code {code}")
    #expect(outcome.status == .exited(0))
    #expect(outcome.outputText.hasPrefix(scene.double.url))
    #expect(
      outcome.errorText == "daypass: the browser does not start: open this within 15 minutes, and show it to nobody\n")
  }

  @Test func `the browser is signed in as the role, and the token is in no command line`() throws {
    let scene = try scene()
    let outcome = try scene.run("daypass console readonly --service s3 --mfa-code {code}")
    #expect(outcome.status == .exited(0) && outcome.outputText.isEmpty, "\(outcome.errorText)")
    let console = "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"
    #expect(page(of: scene) == "signed in as \(Self.role) at \(console)\n")
    #expect(scene.double.consoleSignIn.calls.first == "getSigninToken with role session")
    let opened = try scene.scratch.text(of: "home/opened")
    #expect(opened.wholeMatch(of: #/http://127\.0\.0\.1:\d+/[0-9a-f-]{36}\n/#) != nil, "\(opened)")
    #expect(SecretSweep(scene).leaks(in: Array(outcome.errorText.utf8)) == [])
  }

  @Test func `a long-term key that another program gives is not sent to the console`() throws {
    let key = #"{\"Version\":1,\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"made/up\"}"#
    let scene = try scene("[profile pass]\ncredential_process = echo \"\(key)\"\n")
    let outcome = try scene.run("daypass console pass --print")
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.contains("a long-term key, which the console does not take"))
    #expect(scene.double.consoleSignIn.calls == [])
  }

  @Test func `a role that is assumed with the key has the console for as long as asked`() throws {
    let scene = try scene(Scene.config.replacing("source_profile", with: "duration_seconds = 3600\nsource_profile"))
    scene.double.account.update(role: "ReadOnly") { $0.maxSessionDuration = 43_200 }
    try scene.prepare("daypass console readonly --duration 8h --mfa-code {code}")
    #expect(page(of: scene)?.hasPrefix("signed in as \(Self.role)") == true)
    #expect(scene.double.consoleSignIn.calls.first == "getSigninToken with role session for 28800")
  }

  @Test func `a duration that the console refuses is left out, with a note`() throws {
    let scene = try scene(Scene.config.replacing("source_profile", with: "duration_seconds = 3600\nsource_profile"))
    scene.double.account.update(role: "ReadOnly") { $0.maxSessionDuration = 43_200 }
    scene.double.consoleSignIn.refusesSessionDuration = true
    let outcome = try scene.run("daypass console readonly --duration 8h --mfa-code {code}")
    #expect(outcome.status == .exited(0))
    #expect(outcome.errorText.contains("warning: the console took no session of its own duration"))
    #expect(page(of: scene)?.hasPrefix("signed in as \(Self.role)") == true)
    let token = "getSigninToken with role session"
    #expect(scene.double.consoleSignIn.calls.prefix(2) == ["\(token) for 28800", token])
    #expect(scene.actions.filter { $0 == "AssumeRole" }.count == 1)
  }

  @Test func `a sign-in host that takes no POST is asked by GET, and nothing of that is logged`() throws {
    let scene = try scene()
    scene.double.consoleSignIn.federationMethod = "GET"
    let outcome = try scene.run("daypass console readonly --debug --mfa-code {code}")
    #expect(page(of: scene)?.hasPrefix("signed in as \(Self.role)") == true, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("GET "))
    #expect(!outcome.errorText.contains("getSigninToken"))
    #expect(SecretSweep(scene).leaks(in: Array(outcome.errorText.utf8)) == [])
  }

  @Test func `a key alone is signed in by GetFederationToken, never by GetSessionToken`() throws {
    let scene = try scene()
    let outcome = try scene.run("daypass console alice --read-only")
    #expect(outcome.status == .exited(0) && outcome.errorText.contains("no code of"), "\(outcome.errorText)")
    #expect(page(of: scene)?.hasPrefix("signed in as arn:aws:sts::123456789012:federated-user/") == true)
    #expect(scene.actions == ["GetFederationToken"])
  }

  @Test(.enabled(if: geteuid() == 0 && Installed.has("setpriv"), "only root can become another user, by setpriv"))
  func `another user who reads the browser's command line is not signed in`() throws {
    let scene = try scene()
    let nobody = "setpriv --reuid 65534 --clear-groups curl -si"
    let script = "#!/bin/sh\n\(nobody) \"$1\" >\"\(scene.home)/stolen\"\ncurl -sL \"$1\" >>\"\(scene.home)/page\"\n"
    scene.environment["DAYPASS_BROWSER"] = scene.scratch.write(script, to: "bin/browser", mode: 0o700)
    try scene.prepare("daypass console readonly --mfa-code {code}")
    #expect(page(of: scene)?.hasPrefix("signed in as \(Self.role)") == true)
    #expect(try scene.scratch.text(of: "home/stolen").hasPrefix("HTTP/1.1 404 "))
  }

  @Test func `the browser may be signed out first`() throws {
    let scene = try scene()
    try scene.prepare("daypass console readonly --logout --mfa-code {code}")
    #expect(page(of: scene)?.hasPrefix("signed in as \(Self.role)") == true)
    #expect(scene.double.consoleSignIn.calls.dropFirst().first == "logout")
  }

  @Test func `a container of Firefox gets the page's address encoded`() throws {
    let scene = try scene()
    let script = "#!/bin/sh\necho \"$1\" >\"\(scene.home)/opened\"\nu=${1#*&url=}; u=${u%%&*}\n"
    let decode = "curl -sL \"$(printf %b \"$(echo \"$u\" | sed 's/%/\\\\x/g')\")\" >\"\(scene.home)/page\"\n"
    scene.environment["DAYPASS_BROWSER"] = scene.scratch.write(
      script.replacing("/bin/sh", with: "/bin/bash") + decode, to: "bin/firefox", mode: 0o700)
    try scene.prepare("daypass console readonly --container 'my prod' --mfa-code {code}")
    #expect(page(of: scene)?.hasPrefix("signed in as \(Self.role)") == true)
    #expect(
      try scene.scratch.text(of: "home/opened").hasPrefix("ext+container:name=my%20prod&url=http%3A%2F%2F127.0.0.1"))
  }
}
