import AWSDouble
import Foundation
import TestSupport
import Testing

/// One run of a program and one call to AWS, however many processes ask at once for what has ended.
@Suite(
  .serialized, .keyring,
  .enabled(if: Installed.has("faketime"), "faketime is not installed"))
struct SourceCrowdTests {
  @Test func `200 callers of a program whose credentials have ended run it once`() throws {
    let scene = try Scene(config: nil, on: BorrowedKeyring())
    let runs = scene.scratch.path("runs")
    let program = scene.scratch.write(
      """
      #!/bin/sh
      cat /proc/$$/cmdline /proc/$$/environ >>\(runs)
      echo run >>\(runs)
      end=$(date -u -d '1 hour' +%Y-%m-%dT%H:%M:%SZ)
      printf '{"Version":1,"AccessKeyId":"ASIAMADEUP0000000001","SecretAccessKey":"s","SessionToken":"t",'
      printf '"Expiration":"%s"}' "$end"
      """, to: "program", mode: 0o700)
    scene.scratch.write("[profile p]\ncredential_process = \(program)\n", to: "home/.aws/config")
    // Of an `exec` around us: they are for others.
    scene.environment.merge(["AWS_ACCESS_KEY_ID": "canary", "AWS_SECRET_ACCESS_KEY": "canary"]) { $1 }
    try scene.prepare("daypass credential-process p")
    let crowd = try Crowd(of: 200, Scene.later(7200, "daypass credential-process p"), in: scene).run()
    #expect(crowd.statuses == ["0": 200], "\(crowd.complaints)")
    #expect(Set(crowd.outputs).count == 1)
    let seen = try scene.scratch.text(of: "runs")
    #expect(seen.split(separator: "\n").count { $0.hasSuffix("run") } == 2)
    #expect(seen.contains("DAYPASS_PROFILE_CHAIN=p") && !seen.contains("canary"))
  }

  @Test func `200 callers of a role that ended make one call with the token in a file`() throws {
    let scene = try Scene(config: nil, on: BorrowedKeyring())
    var role = Role(arn: scene.double.account.roleARN("Build"), trusts: [])
    role.webIdentities = ["repo:acme/app"]
    scene.double.account.roles.append(role)
    let token = scene.scratch.write(
      scene.double.webIdentityToken(of: "repo:acme/app", seconds: 86_400), to: "token")
    scene.scratch.write(
      """
      [profile ci]
      region = eu-west-1
      role_arn = \(role.arn)
      web_identity_token_file = \(token)

      """, to: "home/.aws/config")
    try scene.prepare("daypass credential-process ci")
    scene.double.clock = .offset(7200)
    let crowd = try Crowd(of: 200, Scene.later(7200, "daypass credential-process ci"), in: scene).run()
    #expect(crowd.statuses == ["0": 200], "\(crowd.complaints)")
    #expect(Set(crowd.outputs).count == 1)
    #expect(scene.actions == ["AssumeRoleWithWebIdentity", "AssumeRoleWithWebIdentity"])
  }
}

// MARK: - Crowd

/// A command that runs many times at once, and what comes of it.
struct Crowd {
  /// Ends when all have ended.
  let command: String
  private let count: Int
  private let scene: Scene

  init(of count: Int, _ command: String, withoutTerminal: Bool = false, in scene: Scene) {
    let folder = scene.scratch.makeFolder("crowd")
    let call = (withoutTerminal ? "setsid -w " : "") + command
    self.command = """
      i=0; while [ $i -lt \(count) ]; do i=$((i+1))
      (\(call) >\(folder)/$i.out 2>\(folder)/$i.err; echo $? >\(folder)/$i.status) &
      done; wait
      """
    (self.count, self.scene) = (count, scene)
  }

  /// Runs it without a terminal.
  func run() throws -> Crowd {
    _ = try scene.launch(command).run(within: 300)
    return self
  }

  /// How many processes ended with which status.
  var statuses: [String: Int] { Dictionary(texts("status").map { ($0.filter(\.isNumber), 1) }, uniquingKeysWith: +) }
  var outputs: [String] { texts("out") }
  /// What each wrote to standard error.
  var complaints: [String] { texts("err") }

  /// Empty for a process that has not written it yet.
  private func texts(_ kind: String) -> [String] {
    (1...count).map { (try? scene.scratch.text(of: "crowd/\($0).\(kind)")) ?? "" }
  }
}
