import AWSDouble
import Glibc
import TestSupport
import Testing

/// MFA codes asked for on a real terminal.
@Suite(.keyring)
struct CodePromptTests {
  private static let prompt = "MFA code for \(Scene.device): "
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test func `a code typed at the prompt gets the session`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `a wrong code is asked for again`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    try terminal.expect(Self.prompt)
    try terminal.send("000000\n")
    try terminal.expect("daypass: AWS refused that code: it is wrong, or was used before; wait for the next one\r\n")
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
    #expect(scene.double.calls.map(\.outcome) == ["AccessDenied", "ok"])
  }

  @Test func `after three wrong codes it ends with 77`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    for code in ["000000", "000001", "000002"] {
      try terminal.expect(Self.prompt)
      try terminal.send(code + "\n")
    }
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(
      terminal.transcript.contains(
        "daypass: 3 codes for \(Scene.device) were rejected (AccessDenied: MultiFactorAuthentication"))
    #expect(scene.actions.count == 3)
  }

  @Test func `an empty line and five digits are not sent, and cost no try`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    for code in ["", "12345", "", "12345"] {
      try terminal.expect(Self.prompt)
      try terminal.send(code + "\n")
      if code != "" { try terminal.expect("daypass: an MFA code is six digits\r\n") }
    }
    try terminal.expect(Self.prompt)
    #expect(scene.actions == [])
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
  }

  @Test func `the program of mfa_process gives the code, and nobody is asked`() throws {
    let lines = [
      "#!/bin/sh", "echo \"$DAYPASS_MFA_SERIAL $AWS_PROFILE\" >>\(scene.home)/asked", "cat \(scene.home)/code", "",
    ]
    let script = scene.scratch.write(lines.joined(separator: "\n"), to: "bin/otp", mode: 0o700)
    let config = Scene.config.replacing("region = eu-west-1\n\n[", with: "mfa_process = \(script)\n\n[")
    scene.scratch.write(config, to: "home/.aws/config")
    scene.scratch.write(try scene.code() + "\n", to: "home/code")
    let outcome = try scene.run("AWS_PROFILE=alice daypass exec -- echo it runs")
    #expect(outcome.outputText == "it runs\n", "\(outcome.errorText)")
    #expect(try scene.scratch.text(of: "home/asked") == Scene.device + " \n")
    scene.scratch.write("no card\n", to: "home/code")
    let failed = try scene.run("daypass clear --all; daypass exec alice -- true")
    #expect(failed.status == .exited(77))
    #expect(
      failed.errorText.contains(
        "mfa_process of profile 'alice' (\(scene.home)/.aws/config, line 3) printed no six digits"))
  }

  @Test func `in the background of a terminal it says so and does not wait`() throws {
    let shell = "exec bash --norc --noprofile --noediting -i"
    let terminal = try scene.terminal(shell)
    try terminal.send("daypass exec alice -- true &\n")
    try terminal.expect("is needed, but daypass is in the background")
    try terminal.expect("daypass login alice")
  }

  @Test func `a code is not sent twice`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    for _ in 0..<2 {
      try terminal.expect(Self.prompt)
      try terminal.send("000000\n")
    }
    try terminal.expect("daypass: that code was just sent, and a code works once: wait for the next one\r\n")
    try terminal.expect(Self.prompt)
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `Ctrl-C at the prompt ends daypass by SIGINT, with the terminal as before`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- true")
    try terminal.expect(Self.prompt)
    try terminal.send("12\u{3}")
    #expect(try terminal.waitForExit() == .signaled(SIGINT))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(scene.actions == [])
  }

  @Test func `the prompt goes to the terminal while the output goes to a program`() throws {
    let terminal = try scene.terminal(
      "eval \"$(daypass export alice 2>/dev/null)\"; echo \"got ${AWS_ACCESS_KEY_ID%%I*}\"")
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("got AS")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func `without a command a shell starts and says what it holds`() throws {
    scene.environment["SHELL"] = "/bin/dash"
    scene.environment["PS1"] = "ready> "
    let terminal = try scene.terminal("exec daypass exec alice --mfa-code {code}")
    try terminal.expect("daypass: starting /bin/dash with credentials of profile 'alice', until ")
    try terminal.expect("; leave it with 'exit'\r\n")
    try terminal.expect("ready> ")
    try terminal.send("echo $DAYPASS_PROFILE; exit 3\n")
    try terminal.expect("alice\r\n")
    #expect(try terminal.waitForExit() == .exited(3))
  }
}

// MARK: - Keys

/// `add` and `remove` asking on a real terminal.
@Suite(.keyring)
struct KeyPromptTests {
  private static let id = "AKIAIOSFODNN7EXAMPLE"
  private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  private static let sdkQuestion = "let aws, boto3 and terraform use this profile too? [Y/n] "

  @Test func `add sets up the whole profile by Enter alone, and says what it wrote and what to type next`() throws {
    let scene = try Scene()
    let terminal = try scene.terminal("exec daypass add alice")
    try terminal.expect("Access key ID: ")
    try terminal.send(Self.id + "\n")
    #expect(try terminal.expect("Secret access key (hidden): ") == Self.id + "\r\n")
    try terminal.send(Self.secret + "\n")
    try terminal.expect("daypass: this key belongs to arn:aws:iam::123456789012:user/alice\r\n")
    try terminal.expect("daypass: stored in the keyring as profile 'alice'\r\n")
    try terminal.expect("use MFA device alice for this profile? [Y/n] ")
    try terminal.send("\n")
    try terminal.expect("region, such as eu-west-1 [none]: ")
    try terminal.send("eu west\n")
    try terminal.expect("'eu west' is not a region")
    try terminal.send("eu-west-\n")
    try terminal.expect("'eu-west-' is not a region")
    try terminal.send("eu-west-1\n")
    try terminal.expect(Self.sdkQuestion)
    try terminal.send("\n")
    try terminal.expect("wrote [profile alice] (mfa_serial, region, credential_process) to ")
    try terminal.expect(scene.home + "/.aws/config\r\n")
    try terminal.expect("daypass: next: daypass list-buckets alice, or daypass exec alice -- aws s3 ls\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains(Self.secret))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    let program = scene.scratch.path("bin/daypass")
    #expect(
      try scene.configText == """
        [profile alice]
        mfa_serial = \(Scene.device)
        region = eu-west-1
        credential_process = \(program) credential-process alice

        """)
  }

  @Test func `a no to every question leaves everything out`() throws {
    let scene = try Scene()
    scene.scratch.write("Access key ID,Secret access key\n\(Self.id),\(Self.secret)\n", to: "home/keys.csv")
    let terminal = try scene.terminal("exec daypass add alice --csv keys.csv")
    try terminal.expect("for this profile? [Y/n] ")
    try terminal.send("n\n")
    try terminal.expect("[none]: ")
    try terminal.send("\n")
    try terminal.expect(Self.sdkQuestion)
    try terminal.send("n\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try scene.configText == "[profile alice]\n")
  }

  @Test(arguments: [
    "\(id)\n\(secret)\n", "\(id),\(secret)\n", "'\(id)'\n'\(secret)'\n",
    "[default]\naws_access_key_id = \(id)\naws_secret_access_key = \(secret)\n",
    "export AWS_ACCESS_KEY_ID=\(id)\nexport AWS_SECRET_ACCESS_KEY=\"\(secret)\"\n",
    "Access key ID,Secret access key\n\(id),\(secret)\n",
  ])
  func `a key pasted as it was copied is taken, and its secret never shown`(pasted: String) throws {
    let scene = try Scene()
    let terminal = try scene.terminal("exec daypass add alice --no-verify --region us-east-1")
    try terminal.expect("Access key ID: ")
    try terminal.send(pasted)
    try terminal.expect(Self.sdkQuestion)
    try terminal.send("n\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.transcript.contains(Self.id))
    #expect(!terminal.transcript.contains(Self.secret.prefix(5)))
    let user = try scene.run("daypass whoami alice --no-session")
    #expect(user.outputText.contains("user/alice"), "\(user.errorText)")
  }

  @Test(arguments: [
    ("ASIAIOSFODNN7EXAMPLE", "temporary credentials"), ("", "an access key ID is 16 to 128"),
    ("wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY", "looks like a secret access key"),
  ])
  func `what cannot be a key ID is refused before the secret is asked for`(typed: String, problem: String) throws {
    let scene = try Scene()
    let terminal = try scene.terminal("exec daypass add alice")
    try terminal.expect("Access key ID: ")
    try terminal.send(typed + "\n")
    #expect(try terminal.waitForExit() == .exited(64))
    #expect(terminal.transcript.contains(problem))
    #expect(!terminal.transcript.contains("Secret access key"))
    #expect(!terminal.transcript.contains("wJalr"))
  }

  @Test func `a wrong secret stores nothing and is asked for again by itself`() throws {
    let scene = try Scene()
    let terminal = try scene.terminal("exec daypass add alice --mfa-serial \(Scene.device) --region us-east-1")
    try terminal.expect("Access key ID: ")
    try terminal.send(Self.id + "\nmadeUpMadeUpMadeUpMadeUpMadeUpMadeUpMade\n")
    try terminal.expect("daypass: nothing was stored: the secret access key is wrong for this key ID\r\n")
    try terminal.expect("Secret access key (hidden): ")
    try terminal.send(Self.secret + "\n")
    try terminal.expect("daypass: stored in the keyring as profile 'alice'")
  }

  @Test func `add says that it does not read the pipe that somebody gave it`() throws {
    let terminal = try Scene().terminal("echo AKIA | daypass add me")
    try terminal.expect("daypass: standard input is a pipe, which is read only with --stdin\r\nAccess key ID: ")
  }

  @Test(arguments: [nil, "AWS_PROFILE", "DAYPASS_PROFILE"])
  func `add without a name says which profile it means, and why`(variable: String?) throws {
    let scene = try Scene()
    if let variable { scene.environment[variable] = "me" }
    let terminal = try scene.terminal("exec daypass add")
    let expected = variable.map { "'me' (from \($0))" } ?? "'default' (no profile was named)"
    try terminal.expect("daypass: adding the key of profile \(expected)\r\n")
    try terminal.expect("Access key ID: ")
  }

  @Test(arguments: [
    "add me \(id) \(secret)", "add \(secret)", "add me --secret \(secret)", "\(id) \(secret)",
    "add --csv \(id),\(secret)",
    "exec \(secret) -- true", "whoami \(secret)", "ad me \(secret)",
  ])
  func `a secret given as an argument is never shown again`(arguments: String) throws {
    let scene = try Scene()
    let outcome = try scene.run("daypass \(arguments)")
    #expect(outcome.status != .exited(0))
    #expect(!(outcome.errorText + outcome.outputText).contains(Self.secret))
    guard arguments.hasPrefix("add me") else { return }
    #expect(
      outcome.errorText == """
        daypass: a key is never an argument, and this one is in your shell's history now
        daypass: hint: daypass add me asks for it

        """)
  }

  @Test(arguments: [("y", true), ("yes", true), ("n", false), ("", false)])
  func `remove asks first`(answer: String, removes: Bool) throws {
    let scene = try Scene.withAlice()
    let terminal = try scene.terminal("exec daypass remove alice")
    try terminal.expect("remove the key of profile 'alice' from the keyring? [y/N] ")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(removes ? 0 : 1))
    #expect(terminal.transcript.contains("daypass: nothing was changed") != removes)
    let list = try scene.prepare("daypass list")
    #expect(list.contains("  keyring") != removes)
  }
}
