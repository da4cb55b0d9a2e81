import Glibc
import TestSupport
import Testing

struct TerminalTests {
  @Test func `a secret is read without being shown`() throws {
    let terminal = try ask("hidden")
    try terminal.expect("question: ")
    #expect(!terminal.echoes)
    try terminal.send("s3cret \u{e9}\r")
    #expect(try terminal.expect("answer=") == "\r\n")
    try terminal.expect("s3cret \u{e9} length=9")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test func `an MFA code is shown while it is typed`() throws {
    let terminal = try ask("visible")
    try terminal.expect("question: ")
    try terminal.send("123456\r")
    try terminal.expect("123456\r\n")
    try terminal.expect("answer=123456")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test func `what was typed before the question is no answer`() throws {
    let terminal = try script("read line; exec \"$0\" ask hidden")
    try terminal.send("go\nahead\n")
    try terminal.expect("question: ")
    try terminal.send("real\n")
    try terminal.expect("answer=real ")
  }

  @Test func `what was typed when time is up does not reach the shell`() throws {
    let terminal = try script("\"$0\" ask-briefly; read line; echo \"[$line]\"")
    try terminal.expect("question: ")
    try terminal.send("rm -rf ")
    try terminal.expect("probe: timedOut")
    try terminal.send("next\n")
    try terminal.expect("[next]")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func `a signal at the question ends us as it would have, with the terminal as before`(signal: Int32) throws {
    let terminal = try ask("hidden")
    try terminal.expect("question: ")
    kill(terminal.pid, signal)
    #expect(try terminal.waitForExit() == .signaled(signal))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test(arguments: ["hidden", "visible"])
  func `Ctrl-C at the question ends us, with the terminal as before`(echo: String) throws {
    let terminal = try ask(echo)
    try terminal.expect("question: ")
    try terminal.send("partly\u{3}")
    #expect(try terminal.waitForExit() == .signaled(SIGINT))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    if echo == "hidden" { #expect(!terminal.transcript.contains("partly")) }
  }

  @Test func `Ctrl-C does nothing where our parent ignores it`() throws {
    let terminal = try script("trap '' INT; exec \"$0\" ask hidden")
    try terminal.expect("question: ")
    try terminal.send("\u{3}")
    try terminal.send("real\n")
    try terminal.expect("answer=real ")
  }

  @Test func `Ctrl-Z stops us with the terminal as before, and fg asks again`() throws {
    let terminal = try shell()
    try terminal.send("\(try builtProgram("Probe")) ask hidden\n")
    for _ in 0..<3 {
      try terminal.expect("question: ")
      #expect(!terminal.echoes)
      try terminal.send("forgotten\u{1a}")
      try terminal.expect("Stopped")
      try terminal.expect("$ ")
      #expect(terminal.echoes)
      try terminal.send("fg\n")
    }
    try terminal.expect("question: ")
    try terminal.send("real\n")
    try terminal.expect("answer=real ")
    try terminal.expect("$ ")
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(!terminal.transcript.contains("forgotten"))
  }

  @Test func `Ctrl-Z where nobody could continue us leaves the question open`() throws {
    let terminal = try ask("hidden")
    try terminal.expect("question: ")
    try terminal.send("\u{1a}")
    try terminal.expect("question: ")
    #expect(!terminal.echoes)
    try terminal.send("real\n")
    try terminal.expect("answer=real ")
  }

  @Test func `being continued asks again`() throws {
    let terminal = try ask("hidden")
    try terminal.expect("question: ")
    kill(terminal.pid, SIGCONT)
    try terminal.expect("question: ")
    try terminal.send("real\n")
    try terminal.expect("answer=real ")
  }

  @Test func `Ctrl-D is the end of input`() throws {
    let terminal = try ask("hidden")
    try terminal.expect("question: ")
    try terminal.send("\u{4}")
    try terminal.expect("\r\nprobe: endOfInput")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test(arguments: [(1_024, "length=1024"), (1_025, "lineTooLong(limit: 1024)"), (3_000, "lineTooLong(limit: 1024)")])
  func `a line is 1024 bytes at most`(length: Int, answer: String) throws {
    let terminal = try ask("hidden")
    try terminal.expect("question: ")
    try terminal.send(String(repeating: "x", count: length) + "\n")
    try terminal.expect(answer)
  }

  @Test func `a pasted megabyte is refused and does not reach the shell`() throws {
    let terminal = try script("\"$0\" ask hidden; read line; echo \"[$line]\"")
    try terminal.expect("question: ")
    for _ in 0..<16 { try terminal.send(String(repeating: "x", count: 1 << 16)) }
    try terminal.send("\n")
    try terminal.expect("lineTooLong")
    try terminal.send("next\n")
    try terminal.expect("[next]")
  }

  @Test(arguments: [("y", true), (" YES ", true), ("", false), ("n", false), ("yeah", false)])
  func `only yes means yes`(answer: String, confirmed: Bool) throws {
    let terminal = try PseudoTerminal(Launch(try builtProgram("Probe"), ["confirm"]))
    #expect(try terminal.expect(" [y/N] ") == "remove \\u{1b}[2J?")
    try terminal.send(answer + "\n")
    try terminal.expect("confirmed=\(confirmed)")
  }

  @Test func `in the background there is no terminal to ask at`() throws {
    let terminal = try shell()
    try terminal.send("\(try builtProgram("Probe")) ask hidden &\n")
    try terminal.expect("probe: noTerminal")
  }

  @Test func `without a terminal there is none to ask at`() throws {
    let outcome = try Launch("/usr/bin/setsid", ["-w", try builtProgram("Probe"), "ask", "hidden"]).run()
    #expect(outcome.errorText == "probe: noTerminal\n")
  }

  private func ask(_ echo: String) throws -> PseudoTerminal {
    try PseudoTerminal(Launch(try builtProgram("Probe"), ["ask", echo]))
  }

  private func script(_ text: String) throws -> PseudoTerminal {
    try PseudoTerminal(Launch("/bin/sh", ["-c", text, try builtProgram("Probe")]))
  }

  /// A shell with job control.
  private func shell() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      Launch(
        "/usr/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], environment: ["PATH=/usr/bin:/bin", "PS1=$ "]))
    try terminal.expect("$ ")
    return terminal
  }
}
