import Foundation
import TestSupport
import Testing

/// HOME and XDG_RUNTIME_DIR that lead nowhere, or to folders of others.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct HomeFolderTests {
  private static let entering = "printf 'AKIAIOSFODNN7EXAMPLE\\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n' | "

  @Test(arguments: ["exec alice --no-session -- true", "list", "add bob --stdin --no-verify"])
  func `a HOME that is not set or not a path from the root is refused`(command: String) throws {
    let scene = try Scene.withAlice()
    // A config that a relative HOME would find.
    try scene.prepare("mkdir -p elsewhere/home; cp -r .aws elsewhere/home/")
    let homes = [
      ("unset HOME", "HOME is not set, so ~/.aws/config cannot be found"),
      ("HOME=", "HOME is not set, so ~/.aws/config cannot be found"),
      ("HOME=home", "HOME is 'home', which is no path from the root, so ~/.aws/config cannot be found"),
      ("HOME=./home", "HOME is './home', which is no path from the root, so ~/.aws/config cannot be found"),
    ]
    for (home, problem) in homes {
      let outcome = try scene.run("cd elsewhere; export HOME; \(home); \(Self.entering) daypass \(command)")
      #expect(outcome.status == .exited(65), "\(home)")
      #expect(outcome.errorText.hasPrefix("daypass: \(problem)\n"), "\(outcome.errorText)")
    }
    #expect(
      try scene.prepare("cd elsewhere; cmp home/.aws/config ../.aws/config; find . -type f") == "./home/.aws/config\n")
  }

  @Test func `a HOME that is missing is a config without profiles, and is not made`() throws {
    let scene = try Scene.withAlice()
    let gone = scene.home + "/gone"
    let exec = try scene.run("daypass exec alice --no-session -- true", environment: ["HOME": gone])
    #expect(exec.status == .exited(66), "\(exec.errorText)")
    let add = try scene.run(Self.entering + "daypass add bob --stdin --no-verify", environment: ["HOME": gone])
    #expect(add.status == .exited(1))
    #expect(add.errorText.contains("cannot write \(gone)/.aws/config: No such file or directory"), "\(add.errorText)")
    #expect(!FileManager.default.fileExists(atPath: gone))
  }

  @Test(
    .enabled(if: geteuid() == 0, "only root can give a folder to another user"),
    arguments: ["HOME={}", "HOME={}; mkdir -p {}/.aws; chown 65534 {}/.aws", "AWS_CONFIG_FILE={}/config"])
  func `nothing is written into a folder of another user`(setting: String) throws {
    let scene = try Scene.withAlice()
    let foreign = scene.scratch.makeFolder("foreign")
    let setting = setting.replacing("{}", with: foreign)
    let outcome = try scene.run(
      "chown 65534 \(foreign); chmod 777 \(foreign); export HOME AWS_CONFIG_FILE; \(setting);"
        + Self.entering + "daypass add bob --stdin --no-verify")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("belongs to another user"), "\(outcome.errorText)")
    #expect(try scene.prepare("find \(foreign) -type f") == "")
  }

  @Test func `XDG_RUNTIME_DIR without a bus of ours is refused, and nothing is written there`() throws {
    let scene = try Scene.withAlice()
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    try scene.prepare("mkdir open; chmod 777 open; mkdir real; ln -s real link; : >file")
    let folders = ["/nonexistent", "open", "{home}/open", "{home}/link", "{home}/file", "{home}/real", ""]
    for folder in folders {
      let outcome = try scene.run(
        "daypass exec alice --no-session -- true", environment: ["XDG_RUNTIME_DIR": try scene.filled(folder)])
      #expect(outcome.status == .exited(69), "\(folder)")
      #expect(outcome.errorText.hasPrefix("daypass: no session bus: "), "\(outcome.errorText)")
    }
    #expect(try scene.prepare("find open real link/ file -mindepth 1 -o -type f -size +0") == "")
  }

  @Test func `a XDG_RUNTIME_DIR that leads to our bus is used, by whatever way and mode`() throws {
    let scene = try Scene.withAlice()
    let runtime = try #require(scene.environment["XDG_RUNTIME_DIR"])
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    try scene.prepare("ln -s \(runtime) link")
    let files = try scene.prepare("find \(runtime) -type f")
    for folder in [runtime, "\(scene.home)/link"] {
      let outcome = try scene.run(
        "chmod 777 \(runtime); daypass exec alice --no-session -- true", environment: ["XDG_RUNTIME_DIR": folder])
      #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    }
    #expect(try scene.prepare("find \(runtime) -type f") == files)
  }
}
