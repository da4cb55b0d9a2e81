import Foundation
import TestSupport
import Testing

/// The working folder is the command's business: nothing of daypass's is looked for there.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct WorkingFolderTests {
  private static let commands = [
    "exec alice --no-session -- /bin/true", "exec alice --mfa-code {code} -- /bin/true", "list", "export alice",
    "whoami alice", "list-buckets alice", "credential-process alice",
  ]

  @Test(arguments: ["mkdir gone; cd gone; rmdir ../gone", "mkdir -p closed; cd closed; chmod 0 ."])
  func `a folder that is gone or closed is no obstacle`(preparation: String) throws {
    let scene = try Scene.withAlice()
    let pair = DirectAndThrough(["/bin/ls", "/proc/self/fd/0"], after: preparation + " 2>/dev/null", in: scene)
    let outcomes = try pair.outcomes()
    #expect(outcomes.direct == outcomes.through)
    #expect(outcomes.through.status == .exited(0), "\(outcomes.through.errorText)")
    try scene.prepare("rm -rf closed; \(preparation); daypass list")
  }

  @Test func `programs and files of our helpers' names are neither run nor read there`() throws {
    let scene = try Scene.withAlice()
    let mark = "#!/bin/sh\necho \"$0\" >>\(scene.home)/ran\n"
    let programs = [
      "aws", "zenity", "kdialog", "pinentry", "xdg-open", "dbus-launch", "gnome-keyring-daemon", "daypass", "sh",
      "secret-tool", "gpg-agent", "keyring-worker",
    ]
    let files = [
      ".aws/config", ".aws/credentials", ".netrc", ".curlrc", "openssl.cnf", "libsecret-1.so.0", "libcurl.so.4",
      "libcrypto.so.3", "libexpat.so.1", "libgio-2.0.so.0",
    ]
    scene.scratch.makeFolder("home/hostile")
    scene.scratch.makeFolder("home/hostile/.aws")
    for program in programs { scene.scratch.write(mark, to: "home/hostile/" + program, mode: 0o755) }
    for file in files { scene.scratch.write("[default]\nregion = hostile\n", to: "home/hostile/" + file) }
    for command in Self.commands {
      let outcome = try scene.run("cd hostile && daypass \(command)")
      #expect(outcome.status == .exited(0), "\(command): \(outcome.errorText)")
      #expect(!outcome.outputText.contains("hostile"))
    }
    #expect(!FileManager.default.fileExists(atPath: scene.home + "/ran"))
  }

  @Test(.enabled(if: Installed.has("strace"), "strace is not installed"), arguments: commands)
  func `no path is looked up from the working folder`(command: String) throws {
    let scene = try Scene.withAlice()
    if !command.contains("{code}") { try scene.prepare("daypass exec alice --mfa-code {code} -- true") }
    try scene.prepare("strace -f -e trace=%file -o trace daypass \(command)")
    // strace itself looks for daypass before.
    let calls = try scene.scratch.text(of: "home/trace").split(separator: "\n")
    let fromHere = calls.filter { line in
      let path = line.split(separator: "\"").dropFirst().first ?? "/"
      let isBelow = line.contains("(AT_FDCWD") || !line.contains("at(") && !line.contains("statx(")
      return isBelow && line.contains("(") && !path.hasPrefix("/")
    }
    #expect(fromHere.filter { !$0.contains("exited with") && $0.contains("\"") } == [])
    #expect(calls.count > 50)
  }
}
