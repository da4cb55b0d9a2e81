import AWSDouble
import Foundation
import TestSupport
import Testing

/// `use`, `off` and the prompt hook, in real shells on real terminals, beside what else people have in their prompts.
@Suite(
  .keyring,
  .enabled(
    if: Installed.has("bash", "zsh", "fish", "direnv", "zoxide") && BashPreexec.isInstalled,
    "bash, zsh, fish, direnv, zoxide and bash-preexec are not all installed: run make test"))
struct ShellIntegrationTests {
  @Test(arguments: ShellSetup.all)
  func `a shell is after off what it was before use, whatever else is in its prompt`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type("env >~/env-before")
    try user.type(setup.state + " >~/before")
    try user.type("daypass use alice")
    try user.type("env >~/env-held")
    let held = try user.text(of: "env-held")
    #expect(held.contains("\nDAYPASS_PROFILE=alice\n") && held.contains("\nAWSUME_PROFILE=alice\n"))
    #expect(held.contains("\nAWS_ACCESS_KEY_ID=ASIA") && !held.contains("\nAWS_PROFILE="))
    #expect(!held.contains("earlier") && !held.contains("__daypass"))
    try user.type("daypass use audit")
    try user.type("daypass use - ; printenv DAYPASS_PROFILE >~/profile")
    #expect(try user.text(of: "profile") == "alice\n")
    try user.send("daypass off")
    try user.terminal.expect("<0>")
    try user.type(setup.state + " >~/after; env >~/env-after")
    #expect(try user.text(of: "after") == user.text(of: "before"))
    #expect(try user.text(of: "env-after").sortedLines == user.text(of: "env-before").sortedLines)
  }

  @Test(arguments: ShellSetup.all)
  func `a prompt starts no process while credentials are fresh, shows the status, and runs the other hooks`(
    setup: ShellSetup
  ) throws {
    let user = try ShellUser(setup)
    try user.type("daypass use alice")
    let asked = try user.asked
    for _ in 1...4 { try user.type("true") }
    #expect(try user.asked == asked)
    if let failing = setup.failing {
      try user.send(failing)
      try user.terminal.expect("<1>")
    }
    guard let proof = setup.proof else { return }
    for command in proof.commands { try user.type(command) }
    #expect(try user.text(of: "shown").contains(proof.text))
  }

  @Test(arguments: ShellSetup.plain)
  func `what is about to end is renewed at the prompt, by the words that use was given`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type("daypass use alice --region us-west-2 --fresh")
    if setup.shell == .bash { try user.type("trap 'echo trapped' INT") }
    try user.type(setup.makingDue)
    try user.type("true")
    #expect(try user.asked.last == "use --shell \(setup.shell.rawValue) --renewal limited alice --region us-west-2")
    try user.type("printenv AWS_REGION AWS_ACCESS_KEY_ID >~/held")
    #expect(try user.text(of: "held").hasPrefix("us-west-2\nASIA"))
    if setup.shell == .bash { #expect(try user.type("trap -p INT").contains("echo trapped")) }
    let asked = try user.asked
    try user.type("true")
    #expect(try user.asked == asked)
  }

  @Test(arguments: ShellSetup.plain)
  func `what cannot be renewed without a person is reported once`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type("daypass use coded --mfa-code \(try user.scene.useCode())")
    try user.type("command daypass clear --all")
    for _ in 1...3 {
      try user.type(setup.makingDue)
      try user.type("true")
    }
    #expect(user.terminal.transcript.ranges(of: "daypass: coded expires in").count == 1)
    #expect(user.terminal.transcript.contains("h 59 min: daypass use coded"))
    #expect(try user.asked.filter { $0.contains("--renewal") }.count == 3)
    try user.type("printenv AWS_ACCESS_KEY_ID >~/held")
    #expect(try user.text(of: "held").hasPrefix("ASIA"))
  }

  @Test(arguments: ShellSetup.plain)
  func `a prompt does not wait for AWS, and has the session next time`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type("daypass use audit")
    try user.type("command daypass clear audit")
    user.scene.double.fail(.assumeRole, with: .hang)
    try user.send(setup.makingDue)
    try user.terminal.expect("daypass: audit is still being renewed")
  }

  @Test(arguments: ShellSetup.plain)
  func `credentials that another program put there are left alone`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type("daypass use alice")
    try user.type(setup.exporting("AWS_ACCESS_KEY_ID", "ASIAOTHERS"))
    let asked = try user.asked
    try user.type(setup.makingDue)
    try user.type("true")
    #expect(try user.asked == asked)
  }

  @Test(arguments: ShellSetup.plain)
  func `a secret is neither traced nor kept in the history`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type(setup.shell == .fish ? "set fish_trace 1" : "set -x")
    try user.type("daypass use alice")
    try user.type("daypass use audit")
    try user.type("daypass off")
    try user.type(setup.shell == .fish ? "set -e fish_trace; history | cat" : "set +x; fc -l")
    #expect(!user.terminal.transcript.contains("earlier"))
    #expect(user.terminal.transcript.firstMatch(of: /AWS_SESSION_TOKEN.{0,3}IQoJ/) == nil)
    #expect(user.terminal.transcript.firstMatch(of: /AWS_SECRET_ACCESS_KEY.{1,3}[A-Za-z0-9\/+]{30}/) == nil)
  }

  @Test(arguments: ShellSetup.plain)
  func `use changes nothing if it fails, and shows its help`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    try user.type(setup.state + " >~/before")
    try user.type("daypass use nobody")
    #expect(try user.type("daypass use -").contains("daypass: there is no profile before this one"))
    try user.type(setup.state + " >~/after")
    #expect(try user.text(of: "after") == user.text(of: "before"))
    #expect(try user.type("daypass use --help").contains("USAGE: daypass use"))
    #expect(try user.type("daypass off").contains("daypass: the credentials in this shell are not from 'use'"))
    #expect(try user.type("daypass whoami nobody; daypass list --names").contains("audit"))
  }

  @Test(arguments: ShellSetup.plain)
  func `a shell without a person defines nothing`(setup: ShellSetup) throws {
    let scene = try Scene(config: nil, on: BorrowedKeyring())
    let test = setup.shell == .fish ? "functions -q daypass" : "typeset -f daypass"
    let read = setup.shell == .fish ? "daypass init fish | source" : "eval \"$(daypass init \(setup.shell.rawValue))\""
    let outcome = try scene.run("\(setup.shell.rawValue) -c '\(read); \(test) && echo defined'")
    #expect(outcome.outputText == "" && outcome.errorText == "")
  }

  @Test(arguments: ShellSetup.plain)
  func `a shell without the code for use is shown the line that it takes`(setup: ShellSetup) throws {
    let scene = try Scene(config: nil, on: BorrowedKeyring())
    let name = setup.shell.rawValue
    let line = setup.shell == .fish ? "daypass init fish | source" : "eval \"$(daypass init \(name))\"\n"
    let outcome = try scene.run("\(name) -c 'daypass use alice; true'")
    #expect(outcome.errorText.contains(": \(line)"))
  }

  @Test(arguments: [
    "readonly AWS_REGION", "unset AWS_REGION; readonly AWS_REGION", "readonly -a AWS_REGION=(a b)",
    "unset AWS_REGION; typeset -rx AWS_REGION",
  ])
  func `a read-only variable is named, and nothing is changed`(declaration: String) throws {
    for setup in ShellSetup.plain where setup.shell != .fish {
      let user = try ShellUser(setup)
      try user.type(declaration)
      try user.type(setup.state + " >~/before")
      #expect(try user.type("daypass use alice").contains("the variable AWS_REGION is read-only in this shell"))
      try user.type(setup.state + " >~/after")
      #expect(try user.text(of: "after") == user.text(of: "before"))
    }
  }

  @Test(arguments: ShellSetup.plain.dropLast())
  func `a variable of any kind takes the new value, and gets back kind and value`(setup: ShellSetup) throws {
    let user = try ShellUser(setup)
    for kind in setup.kinds {
      // One that use sets, and one that it removes.
      let names = ["AWSUME_PROFILE", "AWS_SSO_PROFILE"]
      for name in names { try user.type("unset \(name); \(kind.replacing("X", with: name))") }
      let shown = names.map { "typeset -p \($0)" } + ["env | grep -a _PROFILE | sort", "echo ${target-}"]
      let state = "{ \(shown.joined(separator: "; ")); }"
      try user.type("\(state) >~/before 2>&1")
      try user.type("daypass use alice; printenv AWSUME_PROFILE AWS_SSO_PROFILE >~/held")
      #expect(try user.text(of: "held") == "alice\n", "\(kind)")
      try user.type("daypass off; \(state) >~/after 2>&1")
      #expect(try user.text(of: "after") == user.text(of: "before"), "\(kind)")
    }
  }
}

// MARK: - Choosing

@Suite(.keyring)
struct ProfileChoiceTests {
  private let scene: Scene

  init() throws {
    scene = try Scene(config: ShellUser.config)
    scene.environment["TERM"] = "xterm"
    try scene.storeKey(of: "alice")
  }

  @Test(arguments: [
    ("udi\r", "audit"), ("\u{1b}[B\u{1b}[B\u{1b}OA\r", "audit"), ("zz\u{15}alice\r", "alice"),
    ("co\u{7f}\u{7f}au\u{1b}[B\r", "audit"),
  ])
  func `a profile is chosen by part of its name or with the arrows`(keys: String, profile: String) throws {
    let terminal = try choosing()
    try terminal.send(keys)
    try terminal.expect("this shell uses '\(profile)'")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(try scene.scratch.text(of: "home/script").contains("\n__daypass_hold '"))
    #expect(try scene.scratch.text(of: "home/script").hasSuffix(" '\(profile)';\n"))
  }

  @Test(arguments: ["\u{3}", "\u{4}", "\u{1b}"])
  func `Esc and Ctrl-C choose nothing, and end with 77`(key: String) throws {
    let terminal = try choosing()
    try terminal.send(key)
    try terminal.expect("daypass: no profile was chosen")
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test(arguments: [0x80, 0xf8] as [UInt8])
  func `a byte that begins no character takes no key with it`(byte: UInt8) throws {
    let terminal = try choosing()
    try terminal.send([byte, 0x03])
    try terminal.expect("daypass: no profile was chosen")
  }

  @Test(arguments: [("2\n", "audit"), ("alice\n", "alice")])
  func `if the screen is not redrawn, the list is numbered`(line: String, profile: String) throws {
    scene.environment["TERM"] = "dumb"
    let terminal = try scene.terminal("exec daypass use --shell bash >script")
    try terminal.expect("1) alice\r\n2) audit\r\n3) coded\r\nprofile, by number or name: ")
    try terminal.send(line)
    try terminal.expect("this shell uses '\(profile)'")
    #expect(!terminal.transcript.contains("\u{1b}["))
  }

  @Test func `a number that is not in the list is asked for again`() throws {
    scene.environment["TERM"] = "dumb"
    let terminal = try scene.terminal("exec daypass use --shell bash >script")
    for number in ["9", "-9223372036854775808"] {
      try terminal.expect("profile, by number or name: ")
      try terminal.send(number + "\n")
      try terminal.expect("there is no \(number)\r\n")
    }
    try terminal.expect("profile, by number or name: ")
    try terminal.send("\n")
    try terminal.expect("daypass: no profile was chosen\r\n")
    #expect(try terminal.waitForExit() == .exited(77))
  }

  @Test(arguments: [1, 2])
  func `a window of one or two lines has room for one name`(rows: Int) throws {
    let terminal = try choosing(rows: rows, first: "  alice")
    try terminal.send("\u{1b}[B")
    try terminal.expect("  audit")
    try terminal.send("\r")
    try terminal.expect("this shell uses 'audit'")
    #expect(!terminal.transcript.contains("  coded"))
  }

  private func choosing(rows: Int = 24, first name: String = "  coded") throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      scene.launch("exec daypass use --shell bash >script"), columns: 80, rows: rows)
    try terminal.expect(name)
    return terminal
  }
}

extension String {
  fileprivate var sortedLines: [String] {
    split(separator: "\n").filter { !$0.hasPrefix("_=") }.sorted().map(String.init)
  }
}
