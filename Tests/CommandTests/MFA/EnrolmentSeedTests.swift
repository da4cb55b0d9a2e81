import AWSDouble
import Foundation
import TestSupport
import Testing

/// Where the seed goes, and where it does not.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct EnrolmentSeedTests {
  private let bob: EnrolmentScene

  init() throws { bob = try EnrolmentScene() }

  @Test(.enabled(if: Installed.has("zbarimg"), "zbarimg is not installed"), arguments: ["y", "n"])
  func `a picture is read by zbar, and removed if the user says so`(answer: String) throws {
    let terminal = try bob.enroll("--png code.png")
    try terminal.expect(EnrolmentScene.firstPrompt)
    let path = bob.scene.home + "/code.png"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let reader = ChildProcess(
      ["zbarimg", "--quiet", "--raw", "--nodbus", path], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
    #expect(reader.wait() == 0)
    let seed = try #require(bob.seed)
    #expect(reader.output == "otpauth://totp/AWS:bob@123456789012?secret=\(seed)&issuer=AWS\n")
    let (first, second) = try bob.goodCodes()
    try terminal.send(first + "\n")
    try terminal.expect(EnrolmentScene.secondPrompt)
    try terminal.send(second + "\n")
    try terminal.expect("remove code.png? [y/N] ")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(FileManager.default.fileExists(atPath: path) == (answer == "n"))
  }

  @Test func `the picture of a device that is given up is removed`() throws {
    let terminal = try bob.enroll("--png code.png")
    try terminal.expect(EnrolmentScene.firstPrompt)
    try terminal.send("\u{3}")
    _ = try terminal.waitForExit()
    #expect(!FileManager.default.fileExists(atPath: bob.scene.home + "/code.png"))
    #expect(bob.orphans == [])
  }

  @Test func `a picture overwrites nothing, and no device is left`() throws {
    bob.scene.scratch.write("mine", to: "home/code.png")
    let terminal = try bob.enroll("--png code.png")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(try bob.scene.scratch.text(of: "home/code.png") == "mine")
    #expect(bob.orphans == [])
  }

  @Test func `as text the seed is on the terminal until the first code is entered`() throws {
    let terminal = try bob.enroll("--text >out 2>err")
    try terminal.expect(EnrolmentScene.firstPrompt)
    let seed = try #require(bob.seed)
    let letters = String(terminal.transcript.unicodeScalars.filter { !$0.properties.isWhitespace })
    #expect(letters.contains(seed))
    try terminal.send("123456\n")
    try terminal.expect("\u{1b}[?1049l")
    try terminal.expect(EnrolmentScene.secondPrompt)
    try terminal.send("\u{3}")
    _ = try terminal.waitForExit()
    for file in ["out", "err"] { #expect(try !bob.scene.scratch.text(of: "home/" + file).contains(seed.prefix(8))) }
  }

  @Test(
    .enabled(if: Trace.isPossible, "only root sees the arguments of processes that hide themselves, by strace"))
  func `the seed is in no file, no argument and no log`() throws {
    let trace = bob.scene.scratch.path("trace")
    let terminal = try bob.enroll(
      "--debug 2>err", by: "exec strace -f -qq -v -s 4096 -e trace=execve,openat,write -o \(trace)")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    let seed = try #require(bob.seed)
    let forms = SecretForms(of: seed)
    let files = try FileManager.default.subpathsOfDirectory(atPath: bob.scene.scratch.path)
    for file in files {
      guard let data = FileManager.default.contents(atPath: bob.scene.scratch.path + "/" + file) else { continue }
      for form in forms.encoded + [forms.raw] { #expect(data.range(of: Data(form)) == nil, "\(file)") }
    }
    #expect(try bob.scene.scratch.text(of: "home/err").contains("daypass: debug: plan"))
    #expect(try bob.scene.scratch.text(of: "trace").contains("execve("))
  }
}
