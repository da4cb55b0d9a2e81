import AWSDouble
import Foundation
import TestSupport
import Testing

/// The lines for other programs in daypass-recipes(7), read from the page. Programs that are not in Debian are stood in for
/// by scripts that note how they were called and whether they have credentials.
@Suite(.keyring)
struct ProgramRecipeTests {
  private let scene: Scene

  init() throws {
    let names = ["prod", "backup", "prod-eu"]
    scene = try Scene(config: names.map { "[profile \($0)]\nregion = eu-west-1\n" }.joined(), on: BorrowedKeyring())
    for name in names { try scene.storeKey(of: "bob", as: name) }
    let script = """
      #!/bin/sh
      if [ -n "$AWS_SESSION_TOKEN$AWS_CONTAINER_AUTHORIZATION_TOKEN" ]; then has=with; else has=without; fi
      echo "${0##*/} $* ($has credentials of $DAYPASS_PROFILE)" >>~/called
      [ "${0##*/} $1" != "aws codecommit" ] || printf 'username=u\\npassword=p\\n'

      """
    for program in ["agent", "code", "jupyter", "aws", "backup", "deploy"] {
      scene.scratch.write(script, to: "bin/\(program)", mode: 0o700)
    }
    try FileManager.default.createSymbolicLink(
      atPath: scene.home + "/deploy.sh", withDestinationPath: scene.scratch.path("bin/deploy"))
  }

  private func recipe(_ title: String) throws -> String { try Recipes.blocks(under: title).joined() }

  private var called: [String] {
    get throws { try scene.scratch.text(of: "home/called").split(separator: "\n").map(String.init) }
  }

  @Test(arguments: [
    ("Agents", ["agent  (with credentials of prod)"]),
    (
      "Editors and notebooks",
      ["code . (with credentials of prod)", "jupyter lab (with credentials of prod)"]
    ),
    ("Several profiles", ["aws s3 ls (with credentials of prod)", "aws s3 ls (with credentials of prod-eu)"]),
    (
      "Databases with IAM users",
      [
        "aws rds generate-db-auth-token --hostname db.example --port 5432 --username app (with credentials of prod)"
      ]
    ),
  ])
  func `a recipe for a shell gives its programs credentials`(title: String, calls: [String]) throws {
    try scene.prepare(recipe(title))
    #expect(try called == calls)
  }

  @Test func `an agent's pass only looks`() throws {
    let lines = try recipe("Agents").replacing("agent", with: "sh -c 'echo $DAYPASS_SCOPE'")
    #expect(try scene.prepare(lines) == "view-only\n")
  }

  @Test(.enabled(if: Installed.has("direnv"), "direnv is not installed"))
  func `direnv loads credentials in a folder`() throws {
    scene.scratch.makeFolder("home/project")
    scene.scratch.write(try recipe("direnv"), to: "home/project/.envrc")
    let outcome = try scene.run("cd project && direnv allow . && direnv exec . aws s3 ls")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(try called == ["aws s3 ls (with credentials of prod)"])
  }

  @Test func `make runs a command with the caller's profile`() throws {
    scene.scratch.write(try recipe("make"), to: "home/Makefile")
    try scene.prepare("make deploy PROFILE=prod-eu")
    #expect(try called == ["deploy.sh  (with credentials of prod-eu)"])
  }

  @Test(.enabled(if: Installed.has("git"), "git is not installed"))
  func `git gets CodeCommit's password`() throws {
    try scene.prepare(recipe("git and CodeCommit"))
    let address = "protocol=https\\nhost=git-codecommit.eu-west-1.amazonaws.com\\npath=v1/repos/a\\n"
    let answer = try scene.prepare("printf '\(address)\\n' | git credential fill")
    #expect(answer.contains("username=u\npassword=p\n"))
    #expect(try called == ["aws codecommit credential-helper get (with credentials of prod)"])
  }

  @Test func `ssh goes through the Session Manager`() throws {
    let line = try #require(try recipe("ssh through the Session Manager").split(separator: "ProxyCommand ").last)
    try scene.prepare(String(line).replacing("%h", with: "i-0123"))
    #expect(try called == ["aws ssm start-session --target i-0123 (with credentials of prod)"])
  }

  @Test func `kubectl gets a token of EKS`() throws {
    let script = """
      #!/bin/sh
      for word; do case $word in
      --exec-command=*) command=${word#*=} ;;
      --exec-arg=*) words="$words ${word#*=}" ;;
      esac; done
      exec $command $words

      """
    scene.scratch.write(script, to: "bin/kubectl", mode: 0o700)
    try scene.prepare(recipe("kubectl and EKS"))
    #expect(try called == ["aws eks get-token --cluster-name=demo (with credentials of prod)"])
  }

  @Test func `a timer's command runs without a terminal`() throws {
    let line = try #require(try recipe("Timers").split(separator: "ExecStart=/usr/local/bin/").last)
    try scene.prepare("setsid -w \(line)")
    #expect(try called == ["backup  (with credentials of backup)"])
  }
}
