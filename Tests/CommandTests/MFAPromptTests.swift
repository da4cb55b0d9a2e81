import Foundation
import Glibc
import TestSupport
import Testing

/// MFA codes that other programs ask for.
@Suite(.keyring)
final class MFAPromptTests {
  private let scene: Scene
  private var display: Int32 = -1

  init() throws {
    scene = try Scene.withAlice()
    // The machine's own are out of reach of those tests that do not name them.
    scene.environment["PATH"] = scene.scratch.path("bin") + ":" + scene.scratch.path("tools")
    for tool in ["sh", "cat", "cut", "echo", "printf", "true", "wc"] {
      try link(tool, to: "/usr/bin/\(tool)", in: "tools")
    }
  }

  deinit { close(display) }

  private func link(_ name: String, to path: String, in folder: String = "bin") throws {
    scene.scratch.makeFolder(folder)
    try FileManager.default.createSymbolicLink(
      atPath: scene.scratch.path("\(folder)/\(name)"), withDestinationPath: path)
  }

  /// A shell script as a program in PATH.
  private func makeProgram(_ name: String, _ lines: String...) {
    scene.scratch.write((["#!/bin/sh"] + lines).joined(separator: "\n") + "\n", to: "bin/\(name)", mode: 0o700)
  }

  /// A socket in the place of a display, which takes connections.
  private func openDisplay() {
    let listener = LoopbackServer.listen()
    scene.environment["DISPLAY"] = "127.0.0.1:\(listener.port - 6_000)"
    display = listener.descriptor
  }

  // MARK: Which one asks

  @Test func `without a terminal a window asks, and the code is in no argument list`() throws {
    openDisplay()
    let code = try scene.useCode()
    scene.scratch.write(code, to: "home/code")
    makeProgram("zenity", "printf '%s\\n' \"$@\" >~/asked", "cat ~/code")
    let (outcome, trace) = try scene.runTraced("daypass credential-process alice", input: "")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(outcome.errorText == "")
    #expect(try scene.scratch.text(of: "home/asked").contains("MFA code for \(Scene.device)\n(profile 'alice')\n"))
    #expect(trace?.arguments.contains { $0.contains(code) } != true)
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `a window gets no variable of AWS's`() throws {
    openDisplay()
    makeProgram("zenity", "/usr/bin/env >~/environment", "cat ~/code")
    scene.scratch.write(try scene.code(), to: "home/code")
    scene.environment.merge([
      "AWS_ACCESS_KEY_ID": "ASIASTALE", "AWS_SECRET_ACCESS_KEY": "stale", "AWS_SESSION_TOKEN": "stale",
      "AWS_VAULT_FILE_PASSPHRASE": "stale",
    ]) { $1 }
    try scene.prepare("daypass exec alice -- true")
    let environment = try scene.scratch.text(of: "home/environment")
    #expect(environment.contains("HOME=\(scene.home)\n") && !environment.contains("AWS_"), "\(environment)")
  }

  @Test func `of the windows the first that can ask does`() throws {
    openDisplay()
    makeProgram(
      "pinentry",
      "echo 'OK'; while read -r line; do case $line in GETINFO*) echo 'D gnome3:curses';; esac; echo OK; done")
    makeProgram("zenity", "echo cannot open display >&2; exit 1")
    makeProgram("kdialog", "cat ~/code")
    scene.scratch.write(try scene.code(), to: "home/code")
    let outcome = try scene.run("daypass exec alice --debug -- printf 'it runs'")
    #expect(outcome.outputText == "it runs", "\(outcome.errorText)")
    #expect(outcome.errorText.contains("debug: pinentry would ask for the MFA code on a terminal"))
    #expect(outcome.errorText.contains("debug: zenity, which should ask for the MFA code, ended with status 1: cannot"))
  }

  @Test func `a cancelled window ends it, and no other asks`() throws {
    openDisplay()
    makeProgram("zenity", "exit 1")
    makeProgram("kdialog", "cat ~/code")
    scene.scratch.write(try scene.code(), to: "home/code")
    let outcome = try scene.run("daypass exec alice -- true")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText == "daypass: no MFA code was entered\n")
    #expect(scene.actions == [])
  }

  @Test func `a display without a program that could ask is reported`() throws {
    openDisplay()
    let outcome = try scene.run("daypass exec alice -- true")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText == """
        daypass: an MFA code for \(Scene.device) is needed, but there is no terminal to ask on, and none of pinentry, \
        zenity and kdialog can ask in a window
        daypass: hint: install zenity; or in a terminal: daypass login alice, then try again

        """)
  }

  @Test func `a display that is long gone is not waited for`() throws {
    makeProgram("zenity", "echo 123456")
    let reserved = LoopbackServer.listen(room: nil)
    defer { close(reserved.descriptor) }
    scene.environment["DISPLAY"] = "127.0.0.1:\(reserved.port - 6_000)"
    let outcome = try scene.run("daypass exec alice -- true")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText.contains("but there is no terminal to ask on\n"))
    let chosen = try scene.run("daypass exec alice --prompt zenity -- true")
    #expect(chosen.status == .exited(77))
    #expect(chosen.errorText.hasPrefix("daypass: zenity cannot ask for the MFA code: no display answers\n"))
  }

  @Test func `in the background of a terminal a window asks`() throws {
    openDisplay()
    scene.scratch.write(try scene.code(), to: "home/code")
    makeProgram("zenity", "cat ~/code")
    let terminal = try scene.terminal("exec /bin/bash --norc --noprofile --noediting -i")
    try terminal.send("daypass exec alice -- printf 'it %s\\n' runs &\n")
    try terminal.expect("daypass: waiting for the MFA code in a window\r\n")
    try terminal.expect("it runs")
  }

  @Test func `at a terminal it is the terminal that asks, although there is a display`() throws {
    openDisplay()
    makeProgram("zenity", "exit 1")
    let terminal = try scene.terminal("echo \"got $(daypass export alice --format env | cat | cut -c1-3)\"")
    try terminal.expect("MFA code for \(Scene.device): ")
    try terminal.send("\u{3}")
    _ = try terminal.waitForExit()
  }

  // MARK: The choice

  @Test(arguments: [
    "daypass exec alice --prompt kdialog -- true", "DAYPASS_PROMPT=kdialog daypass exec alice -- true",
    "AWS_VAULT_PROMPT=kdialog daypass exec alice -- true",
  ])
  func `a program that was chosen and fails is an error, and no other asks`(command: String) throws {
    openDisplay()
    makeProgram("zenity", "cat ~/code")
    scene.scratch.write(try scene.code(), to: "home/code")
    let outcome = try scene.run(command)
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText == """
        daypass: kdialog, which should ask for the MFA code, is not in PATH
        daypass: hint: in a terminal, --prompt tty asks there; --mfa-code 123456 does without it

        """)
  }

  @Test func `--prompt goes before the profile's program, and a variable behind it`() throws {
    openDisplay()
    let program = scene.scratch.write("#!/bin/sh\ncat ~/code\n", to: "bin/otp", mode: 0o700)
    let config = Scene.config.replacing("region = eu-west-1\n\n[", with: "mfa_process = \(program)\n\n[")
    scene.scratch.write(config, to: "home/.aws/config")
    scene.scratch.write(try scene.code(), to: "home/code")
    makeProgram("zenity", "exit 1")
    let asked = try scene.run("daypass exec alice --prompt zenity -- true")
    #expect(asked.errorText == "daypass: no MFA code was entered\n")
    for choice in ["DAYPASS_PROMPT=zenity daypass exec alice", "daypass exec alice --fresh --prompt none"] {
      let outcome = try scene.run("\(choice) -- printf 'it runs'")
      #expect(outcome.outputText == "it runs", "\(outcome.errorText)")
      scene.scratch.write(try scene.code(), to: "home/code")
    }
  }

  @Test func `--prompt none asks nobody`() throws {
    let terminal = try scene.terminal("daypass exec alice --prompt none -- true; echo \"status $?\"")
    try terminal.expect("an MFA code for \(Scene.device) is needed, but asking for it is turned off\r\n")
    try terminal.expect("daypass: hint: in a terminal: daypass login alice --prompt tty, then try again\r\n")
    try terminal.expect("status 77")
  }

  @Test func `--prompt tty without a terminal is an error`() throws {
    openDisplay()
    makeProgram("zenity", "cat ~/code")
    let outcome = try scene.run("daypass exec alice --prompt tty -- true")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText.contains("but there is no terminal to ask on\n"))
  }

  @Test func `a prompt that does not exist is an error, whoever names it`() throws {
    let outcome = try scene.run("DAYPASS_PROMPT=xterm daypass exec alice -- true")
    #expect(outcome.status == .exited(65))
    #expect(outcome.errorText.contains("DAYPASS_PROMPT"))
    #expect(outcome.errorText.contains("tty, pinentry, zenity, kdialog, ykman"))
    let typed = try scene.run("daypass exec alice --prompt xterm -- true")
    #expect(typed.status == .exited(64))
    let foreign = try scene.run("AWS_VAULT_PROMPT=wincredui daypass exec alice -- true")
    #expect(foreign.errorText.contains("but there is no terminal to ask on\n"))
  }

  @Test func `a window that nobody answers is given up, and so do those who wait for it`() throws {
    openDisplay()
    scene.environment["DAYPASS_PROMPT_TIMEOUT"] = "2m"
    makeProgram("zenity", "printf '%s' \"$*\" >~/asked; exit 5")
    let outcome = try scene.run("daypass exec alice -- true")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText == "daypass: nobody entered an MFA code within 2 min\ndaypass: hint: try again\n")
    #expect(try scene.scratch.text(of: "home/asked").hasSuffix("--timeout 120"))
  }

  @Test func `a wrong code is asked for again in the window, which says why, three times in all`() throws {
    openDisplay()
    makeProgram("zenity", "echo \"$5\" >>~/asked", "printf x >>~/count", "echo 00000$(wc -c <~/count)")
    let outcome = try scene.run("daypass exec alice -- true")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText.hasPrefix("daypass: 3 codes for \(Scene.device) were rejected"))
    #expect(scene.actions.count == 3)
    let asked = try scene.scratch.text(of: "home/asked")
    #expect(asked.components(separatedBy: "AWS refused that code").count == 3)
  }

  // MARK: YubiKey

  @Test func `ykman gives the code, of the account and key that aws-vault's variables name`() throws {
    scene.scratch.write(try scene.code(), to: "home/code")
    makeProgram("ykman", "printf '%s ' \"$@\" >>~/asked", "cat ~/code")
    let first = try scene.run("daypass exec alice --prompt ykman -- printf 'it runs'")
    #expect(first.outputText == "it runs", "\(first.errorText)")
    scene.scratch.write(try scene.code(), to: "home/code")
    let second = try scene.run(
      "YKMAN_OATH_CREDENTIAL_NAME=aws:alice YKMAN_OATH_DEVICE_SERIAL=77 AWS_VAULT_PROMPT=ykman "
        + "daypass exec alice --fresh -- printf 'it runs'")
    #expect(second.outputText == "it runs", "\(second.errorText)")
    #expect(
      try scene.scratch.text(of: "home/asked")
        == "oath accounts code --single \(Scene.device) --device 77 oath accounts code --single aws:alice ")
  }

  @Test func `a YubiKey that gives no code is an error with what ykman says`() throws {
    makeProgram("ykman", "echo 'ERROR: No YubiKey detected!' >&2; exit 1")
    let outcome = try scene.run("daypass exec alice --prompt ykman -- true")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText.hasPrefix(
        "daypass: ykman, which should ask for the MFA code, ended with status 1: ERROR: No YubiKey detected!\n"))
  }

  @Test func `a security key is refused before anybody is asked`() throws {
    let key = "arn:aws:iam::123456789012:u2f/user/alice/key-ABCDEF"
    scene.scratch.write(Scene.config.replacing(Scene.device, with: key), to: "home/.aws/config")
    let outcome = try scene.run("daypass exec alice --mfa-code 123456 -- true")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText == """
        daypass: \(key) is a security key, which shows no codes: it cannot be used for API calls
        daypass: hint: enroll a virtual device, and name it in mfa_serial: daypass mfa enroll alice

        """)
    #expect(scene.actions == [])
  }

  // MARK: Real programs

  @Test(
    .enabled(if: Installed.has("pinentry-curses", "pinentry-tty"), "pinentry-curses or pinentry-tty is not installed"),
    arguments: ["pinentry-curses", "pinentry-tty"])
  func `a pinentry for terminals asks on ours, and gives it back`(program: String) throws {
    try link("pinentry", to: try #require(Installed.path(of: program)))
    scene.environment["TERM"] = "xterm"
    let terminal = try scene.terminal("exec daypass exec alice --prompt pinentry -- echo it runs")
    try terminal.expect("MFA code:")
    try terminal.send("000000\r")
    try terminal.expect("AWS refused that code")
    try terminal.expect("MFA code:")
    try terminal.send(try scene.code() + "\r")
    try terminal.expect("it runs")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(scene.actions.count == 2)
  }

  @Test(.enabled(if: Installed.has("pinentry-curses"), "pinentry-curses is not installed"))
  func `Ctrl-C in a pinentry on the terminal ends daypass, with the terminal as before`() throws {
    try link("pinentry", to: try #require(Installed.path(of: "pinentry-curses")))
    scene.environment["TERM"] = "xterm"
    let terminal = try scene.terminal("exec daypass exec alice --prompt pinentry -- echo it runs")
    try terminal.expect("MFA code:")
    try terminal.send("\u{3}")
    #expect(try terminal.waitForExit() == .signaled(SIGINT))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(scene.actions == [])
  }

  @Test(.enabled(if: Installed.has("pinentry-curses"), "pinentry-curses is not installed"))
  func `a pinentry for terminals is refused where there is none`() throws {
    try link("pinentry", to: try #require(Installed.path(of: "pinentry-curses")))
    let outcome = try scene.run("daypass exec alice --prompt pinentry -- true")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText.hasPrefix("daypass: pinentry would ask for the MFA code on a terminal, but there is none"))
  }

  @Test(.enabled(if: Installed.has("zenity", "Xvfb", "xdotool"), "zenity, xvfb or xdotool is not installed"))
  func `a code typed into zenity's window gets the session, and Escape ends it`() throws {
    try link("zenity", to: try #require(Installed.path(of: "zenity")))
    let screen = try VirtualScreen()
    (scene.environment["DISPLAY"], scene.environment["DAYPASS_PROMPT_TIMEOUT"]) = (screen.display, "300")
    // GTK is not to wait for services of a desktop.
    scene.environment.merge(["NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory", "GIO_USE_VFS": "local"]) { $1 }
    let first = try scene.launch("daypass exec alice -- echo it runs").start()
    try screen.typeIntoWindow(try scene.code() + "\n")
    let outcome = try first.wait()
    #expect(outcome.outputText == "it runs\n", "\(outcome.errorText)")
    let second = try scene.launch("daypass exec alice --fresh -- echo it runs").start()
    try screen.typeIntoWindow("\u{1b}")
    #expect(try second.wait().errorText == "daypass: no MFA code was entered\n")
  }
}

// MARK: - Virtual screen

/// An X server that nobody sees, on a display that it has chosen.
private final class VirtualScreen {
  private let server: ChildProcess
  let display: String

  init() throws {
    let server = ChildProcess(
      // Else it begins anew, without a program that is about to connect, whenever the last one has left.
      ["Xvfb", "-noreset", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"],
      environment: ["PATH": "/usr/bin:/bin"])
    guard eventually(within: 60, { server.output.hasSuffix("\n") }) else { throw SetupFailure(server.errors) }
    display = ":" + server.output.split(separator: "\n")[0]
    self.server = server
  }

  /// Waits for the window named daypass, and presses keys in it.
  func typeIntoWindow(_ keys: String) throws {
    let names: [Character: String] = ["\n": "Return", "\u{1b}": "Escape"]
    let words = keys.flatMap { ["key", names[$0] ?? String($0)] }
    var said = ""
    func xdotool(_ words: [String]) -> Bool {
      let environment = ["PATH": "/usr/bin:/bin", "DISPLAY": display]
      let result = ChildProcess.run(["timeout", "10", "xdotool"] + words, environment: environment)
      said = "\(result)"
      return result.status == 0
    }
    // Without a window manager only a window that has the focus gets keys. What comes too early for it waits for ever.
    let search = ["search", "--onlyvisible", "--name", "^daypass$", "windowfocus", "--sync"]
    guard eventually(within: 120, { xdotool(search) }) else {
      let last = said
      _ = xdotool(["search", "--name", "."])
      throw SetupFailure("no window: \(last), of all \(said)")
    }
    guard xdotool(words) else { throw SetupFailure("no keys") }
  }
}
