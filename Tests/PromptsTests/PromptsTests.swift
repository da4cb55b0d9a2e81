import Glibc
import Processes
import Secrets
import TestSupport
import Testing

@testable import Prompts

/// Programs that stand in for pinentry, zenity, kdialog and ykman.
private struct Fakes {
  let scratch = ScratchFolder()

  init() { scratch.makeFolder("bin") }

  /// A shell script under the name of the program.
  func make(_ program: String, _ lines: String...) {
    scratch.write((["#!/bin/sh"] + lines).joined(separator: "\n") + "\n", to: "bin/\(program)", mode: 0o700)
  }

  /// One that speaks as pinentry does: `flavor` and what it says to GETPIN.
  func makePinentry(flavor: String = "gtk2", getPin lines: String) {
    make(
      "pinentry", "echo 'OK Pleased to meet you'", "while read -r line; do",
      "printf '%s\\n' \"$line\" >>\(scratch.path)/said", "case $line in",
      "'GETINFO flavor') echo 'D \(flavor)'; echo END; echo OK ;;", "GETPIN) \(lines) ;;",
      "OPTION*) echo 'ERR 83886254 Unknown option <Pinentry>' ;;", "*) echo OK ;;", "esac; done")
  }

  var environment: [[UInt8]] { [Array("PATH=\(scratch.path)/bin:/usr/bin:/bin".utf8)] }

  func programs(seconds: Int = 60) -> PromptPrograms { PromptPrograms(environment: environment, seconds: seconds) }

  func answer(
    by window: WindowProgram, to question: PromptQuestion = PromptQuestion("MFA code for alice"),
    terminal: Pinentry.TerminalSettings? = nil
  ) throws(PromptError) -> String? {
    try programs().answer(to: question, by: window, terminal: terminal).revealed()
  }
}

// MARK: - pinentry

@Suite(.waiting)
struct PinentryTests {
  private let fakes = Fakes()

  @Test func `a request is escaped, and its underscores stay`() {
    #expect(Assuan.request("SETDESC", "50% off\nprod_1") == "SETDESC 50%25 off%0Aprod_1")
    #expect(Assuan.request("SETDESC", "a\rb") == "SETDESC a%0Db")
    #expect(Assuan.request("SETDESC", "a\r\nb") == "SETDESC a%0D%0Ab")
  }

  @Test func `a request that is too long is cut at a character`() {
    let line = Assuan.request("SETDESC", String(repeating: "é", count: 1_000))
    #expect(line.utf8.count == 998)
    #expect(line.hasSuffix("é"))
    #expect(Assuan.request("SETDESC", String(repeating: "%", count: 1_000)).utf8.count == 998)
  }

  @Test(arguments: [
    ("echo 'D 123%20456'; echo OK", "123 456"), ("echo 'D 12%254'; echo OK", "12%4"), ("echo OK", ""),
    ("echo 'D 123'; echo 'D 456'; echo OK", "123456"), ("echo 'S PIN_REPEATED'; echo '# x'; echo OK done", ""),
    ("echo 'INQUIRE QUALITY 1'; read -r line; [ \"$line\" = CAN ] && echo 'D 654321'; echo OK", "654321"),
  ])
  func `what pinentry gives is put together and decoded`(lines: String, answer: String) throws {
    fakes.makePinentry(getPin: lines)
    #expect(try fakes.answer(by: .pinentry) == answer)
  }

  @Test(arguments: [
    ("echo 'ERR 83886179 Operation cancelled <Pinentry>'", PromptError.cancelled),
    ("echo 'ERR 83886194 Not confirmed <Pinentry>'", .cancelled), ("exit 1", .cancelled),
    ("echo 'ERR 83886142 Timeout <Pinentry>'", .timedOut(seconds: 60)),
    ("echo 'ERR 83918950 Inappropriate ioctl <Pinentry>'", unusable(.refused(code: 0x8066))),
    ("echo 'ERR 83918929 No such file <Pinentry>'", unusable(.refused(code: 0x8051))),
    ("echo; echo OK", unusable(.malformed)), ("echo 'ERR many'", unusable(.malformed)),
    ("printf '#%01000d\\n' 0", unusable(.malformed)), ("echo Hello", unusable(.malformed)),
    ("exit 0", unusable(.program(.ended(.exited(0), complaint: [])))),
    ("echo no lock >&2; exit 3", unusable(.program(.ended(.exited(3), complaint: ["no lock"])))),
  ])
  func `what pinentry does instead of an answer`(lines: String, error: PromptError) {
    fakes.makePinentry(getPin: lines)
    #expect(throws: error) { try fakes.answer(by: .pinentry) }
  }

  @Test(arguments: ["exit 1", "echo Usage", "echo 'ERR 1 no'", "yes OK: | tr -d '\\n'"])
  func `a program that does not speak as pinentry does is passed over`(line: String) {
    fakes.make("pinentry", line)
    let error = #expect(throws: PromptError.self) { try fakes.answer(by: .pinentry) }
    guard case .unusable("pinentry", _) = error else {
      Issue.record("\(error as Any)")
      return
    }
  }

  @Test func `a pinentry that is not there is passed over`() {
    let environment = [Array("PATH=\(fakes.scratch.path)".utf8)]
    #expect(throws: unusable(.program(.notFound("pinentry")))) {
      _ = try PromptPrograms(environment: environment, seconds: 60)
        .answer(to: PromptQuestion("x"), by: .pinentry, terminal: nil)
    }
  }

  @Test(arguments: ["curses", "tty", "gnome3:curses", "gtk2:curses"])
  func `a pinentry that would ask on the terminal does so only if it may`(flavor: String) throws {
    fakes.makePinentry(flavor: flavor, getPin: "echo 'D 123456'; echo OK")
    #expect(throws: unusable(.needsTerminal)) { try fakes.answer(by: .pinentry) }
    #expect(try !fakes.scratch.text(of: "said").contains("GETPIN"))
    #expect(try fakes.answer(by: .pinentry, terminal: .init(in: [:])) == "123456")
  }

  @Test func `pinentry is told what to show, where, and for how long, and nothing that it could keep`() throws {
    fakes.makePinentry(getPin: "echo OK")
    let terminal = Pinentry.TerminalSettings(
      in: ["TERM": "xterm", "LANG": "de_DE.UTF-8", "LC_CTYPE": "C.UTF-8", "LC_ALL": ""])
    _ = try fakes.answer(
      by: .pinentry, to: PromptQuestion("MFA code for alice\n(profile 'a_b')", after: "wrong"), terminal: terminal)
    #expect(
      try fakes.scratch.text(of: "said") == """
        OPTION ttyname=/dev/tty
        OPTION ttytype=xterm
        OPTION lc-ctype=C.UTF-8
        OPTION lc-messages=de_DE.UTF-8
        OPTION no-grab
        SETTITLE daypass
        SETDESC MFA code for alice%0A(profile 'a_b')
        SETPROMPT MFA code:
        SETERROR wrong
        SETTIMEOUT 60
        GETPIN

        """)
  }

  @Test func `a pinentry that forgets the time is ended`() {
    fakes.makePinentry(getPin: "exec sleep 3600")
    let program = ChildProgram(
      ["pinentry"], environment: fakes.environment, terminal: .none, timeout: .milliseconds(500))
    #expect(throws: PromptError.timedOut(seconds: 7)) {
      _ = try Pinentry(program, terminal: nil, seconds: 7).answer(to: PromptQuestion("x"))
    }
  }
}

private func unusable(_ fault: PromptFault) -> PromptError { .unusable(program: "pinentry", fault) }

// MARK: - Windows

@Suite(.waiting)
struct WindowProgramTests {
  private let fakes = Fakes()

  @Test func `zenity gets its text as it takes it, and what it prints is the answer`() throws {
    fakes.make("zenity", "printf '<%s>' \"$@\"")
    #expect(
      try fakes.answer(by: .zenity, to: PromptQuestion(#"a_b\c & <d>"#, after: "wrong"))
        == #"<--entry><--title><daypass><--text><wrong\#n\#na__b\\c & <d>><--width><320><--timeout><60>"#)
  }

  @Test func `kdialog gets its text as it is, and what it prints is the answer`() throws {
    fakes.make("kdialog", "printf '<%s>' \"$@\"")
    #expect(try fakes.answer(by: .kdialog, to: PromptQuestion("a_b")) == "<--title><daypass><--inputbox><a_b>")
  }

  @Test(arguments: [
    ("exit 1", PromptError.cancelled), ("echo 'Gtk-Message: no parent' >&2; exit 1", .cancelled),
    ("echo; exit 5", .timedOut(seconds: 60)),
    (
      "echo 'cannot open display: :9' >&2; exit 1",
      .unusable(program: "zenity", .program(.ended(.exited(1), complaint: ["cannot open display: :9"])))
    ),
    ("exit 255", .unusable(program: "zenity", .program(.ended(.exited(255), complaint: [])))),
  ])
  func `what zenity's status says`(lines: String, error: PromptError) {
    fakes.make("zenity", lines)
    #expect(throws: error) { try fakes.answer(by: .zenity) }
  }

  @Test func `what kdialog's status says`() {
    fakes.make("kdialog", "exit 1")
    #expect(throws: PromptError.cancelled) { try fakes.answer(by: .kdialog) }
    fakes.make("kdialog", "exit 5")
    #expect(throws: PromptError.unusable(program: "kdialog", .program(.ended(.exited(5), complaint: [])))) {
      try fakes.answer(by: .kdialog)
    }
  }

  @Test func `ykman is asked for an account, of one key if that is named`() throws {
    fakes.make("ykman", "printf '<%s>' \"$@\"")
    let programs = fakes.programs()
    #expect(
      try programs.ykman(account: "aws:alice", onKey: nil, terminal: .none).revealed()
        == "<oath><accounts><code><--single><aws:alice>")
    #expect(
      try programs.ykman(account: "a", onKey: "123", terminal: .none).revealed()
        == "<--device><123><oath><accounts><code><--single><a>")
  }
}

// MARK: - Display

struct DisplayTests {
  @Test(arguments: [
    ([:], []), (["DISPLAY": "", "WAYLAND_DISPLAY": ""], []), (["DISPLAY": "none"], []), (["DISPLAY": ":x"], []),
    (["DISPLAY": ":60000"], []), (["WAYLAND_DISPLAY": "wayland-0"], []),
    (["DISPLAY": ":3"], [x(3)]), (["DISPLAY": ":3.1"], [x(3)]), (["DISPLAY": "unix:3"], [x(3)]),
    (["DISPLAY": "localhost:10.0"], [.remote(host: "localhost", port: 6010)]),
    (["DISPLAY": "::1:2"], [.remote(host: "::1", port: 6002)]),
    (
      ["DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1"],
      [.local([.path(Array("/run/user/1/wayland-0".utf8))]), x(0)]
    ),
    (["WAYLAND_DISPLAY": "/a/b"], [.local([.path(Array("/a/b".utf8))])]),
  ])
  func `the displays that the environment names`(environment: [String: String], displays: [Display]) {
    #expect(Display.all(in: environment) == displays)
  }

  private static func x(_ number: Int) -> Display {
    let path = Array("/tmp/.X11-unix/X\(number)".utf8)
    return .local([.abstract(path), .path(path)])
  }

  @Test func `a display answers if somebody listens there`() throws {
    let listener = LoopbackServer.listen()
    let reserved = LoopbackServer.listen(room: nil)
    for host in ["localhost", "127.0.0.1"] {
      #expect(Display.answers(in: ["DISPLAY": "\(host):\(listener.port - 6_000)"]))
    }
    #expect(!Display.answers(in: ["DISPLAY": "127.0.0.1:\(reserved.port - 6_000)"]))
    for descriptor in [listener.descriptor, reserved.descriptor] { close(descriptor) }
  }

  @Test func `a display that is gone does not answer`() {
    let scratch = ScratchFolder()
    #expect(!Display.answers(in: ["WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": scratch.path]))
    #expect(!Display.answers(in: ["DISPLAY": ":59123"]))
    #expect(!Display.answers(in: ["WAYLAND_DISPLAY": "/" + String(repeating: "x", count: 200)]))
  }

  @Test func `a host that a name server would have to be asked for is believed`() {
    #expect(Display.answers(in: ["DISPLAY": "fixture.example:0"]))
  }
}
