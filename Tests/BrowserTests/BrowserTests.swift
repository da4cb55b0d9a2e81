import Foundation
import HTTP
import Processes
import TestSupport
import Testing

@testable import Browser

struct BrowserTests {
  @Test(arguments: [
    (["DISPLAY": ":0"], false), (["WAYLAND_DISPLAY": "wayland-0"], false), ([:], true), (["DISPLAY": ""], true),
    (["DISPLAY": ":0", "SSH_CONNECTION": "x"], true), (["DISPLAY": ":0", "SSH_CLIENT": "x"], true),
    (["DISPLAY": ":0", "SSH_TTY": "x"], true), (["DISPLAY": ":0", "SSH_TTY": ""], false),
    (["DISPLAY": ":0", "CI": "true"], true), (["DISPLAY": ":0", "CODESPACES": "true"], true),
    (["DISPLAY": ":0", "CLOUD_SHELL": "1"], true), (["DAYPASS_BROWSER": "firefox", "SSH_TTY": "x"], false),
    (["DAYPASS_BROWSER": "", "SSH_TTY": "x"], true),
  ])
  func `a browser is absent without a display that the user sits at`(environment: [String: String], isAbsent: Bool) {
    #expect(Browser.isAbsent(in: environment) { _ in false } == isAbsent)
  }

  @Test func `in a container there is no browser unless one is named`() {
    #expect(Browser.isAbsent(in: ["DISPLAY": ":0"]) { $0 == "/.dockerenv" })
    #expect(!Browser.isAbsent(in: ["DAYPASS_BROWSER": "x"]) { $0 == "/.dockerenv" })
  }

  @Test(arguments: [
    "https://device.sso.us-east-1.amazonaws.com/?user_code=AAAA-BBBB",
    "https://x.awsapps.com/start/#/device?user_code=AAAA-BBBB", "http://127.0.0.1:4000/authorize?a=b",
    "http://[::1]:4000/", "http://localhost/",
  ])
  func `a page that may be opened is taken as it is`(text: String) {
    #expect(BrowserURL(text)?.text == text)
  }

  @Test(arguments: [
    "", "-opt", "--", "file:///etc/passwd", "javascript:alert(1)", "http://example.com/", "https://", "https:///x",
    "https://aws.amazon.com@evil.example/", "https://user:secret@aws.amazon.com/", "https://aws.amazon.com/ x",
    "https://aws.amazon.com/\n", "https://aws.amazon.com/\u{1b}[2J", "https://aws.amazon.com/\"", " https://a.example/",
    "https://a.example/#\u{7}", "https://a.example/#a#b", "http://127.0.0.1.evil.example/", "http://2130706433/",
    "https://a.example/?" + String(repeating: "x", count: 1 << 20),
  ])
  func `any other page is not opened`(text: String) {
    #expect(BrowserURL(text) == nil)
  }
}

// MARK: - Opening

struct OpeningTests {
  private let folder = ScratchFolder()
  private let page = "https://example.com/authorize?a=b&c=$(id);d=*"

  /// Opens the page by a script that does `commands`.
  private func open(by commands: String, environment: [String] = []) throws {
    let program = folder.write("#!/bin/sh\n\(commands)\n", to: "browser", mode: 0o700)
    let entries = (["PATH=/usr/bin:/bin"] + environment).map { Array($0.utf8) }
    let browser = try #require(Browser(environment: entries, variables: ["DAYPASS_BROWSER": program]))
    try browser.open(try #require(BrowserURL(page)))
  }

  /// What the script has left, in a file that appears when it is whole.
  private func result() throws -> String {
    guard eventually(within: 60, { access(folder.path("result"), F_OK) == 0 }) else {
      throw TestTimeout(waitingFor: "result", seen: "nothing")
    }
    return try folder.text(of: "result")
  }

  private func leaving(_ command: String) -> String {
    "(\(command)) > \(folder.path("part")); mv \(folder.path("part")) \(folder.path("result"))"
  }

  @Test func `the browser's only argument is the URL`() throws {
    try open(by: leaving("printf '<%s>' \"$@\""))
    #expect(try result() == "<\(page)>")
  }

  @Test func `the browser gets the environment without what is AWS's`() throws {
    try open(
      by: leaving("env"), environment: ["DISPLAY=:7", "AWS_SESSION_TOKEN=secret", "AWS_PROFILE=p", "A=b", "AWSUME=c"])
    let lines = try result().split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.hasPrefix("AWS_") }.isEmpty)
    #expect(Set(["DISPLAY=:7", "A=b", "AWSUME=c"]).isSubset(of: lines))
  }

  @Test func `the browser is no child of ours, has no terminal of ours and no descriptor beyond the standard three`()
    throws
  {
    try open(by: leaving("cut -d' ' -f4,6 /proc/$$/stat; ls -l /proc/$$/fd | sed -n 's/.* \\([0-9]* ->\\)/\\1/p'"))
    let lines = try result().split(separator: "\n")
    let numbers = try #require(lines.first).split(separator: " ")
    #expect(numbers.first != "\(getpid())")
    #expect(numbers.last != "\(getsid(0))")
    #expect(
      lines.dropFirst().filter { !$0.contains("browser") } == ["0 -> /dev/null", "1 -> /dev/null", "2 -> /dev/null"])
  }

  @Test(arguments: [
    "exit 1", "kill -9 $$", "while [ -e \"$0\" ]; do sleep 1; done",
    "(while [ -e \"$0\" ]; do sleep 1; done) & exit 0",
  ])
  func `a browser that fails, is killed, goes on and on or leaves a process behind is not waited for`(commands: String)
    throws
  {
    try open(by: commands)
  }

  @Test func `a browser may print what it likes`() throws {
    try open(by: "head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2\n" + leaving("echo there"))
    #expect(try result() == "there\n")
  }

  @Test func `a browser that is not there is an error`() throws {
    let browser = try #require(Browser("/no/such/browser", environment: [], variables: [:]))
    let url = try #require(BrowserURL(page))
    #expect(throws: ChildError.notStarted("/no/such/browser", errno: ENOENT)) { try browser.open(url) }
  }
}
