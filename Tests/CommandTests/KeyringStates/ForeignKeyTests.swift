import TestSupport
import Testing

/// Items of other programs that look like keys of ours.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ForeignKeyTests {
  private static let attributes = [
    "xdg:schema": "io.github.daypass.LongTermKey", "version": "1", "kind": "key", "profile": "alice",
  ]
  private static let foreign = attributes.merging(["xdg:schema": "org.example.Other"]) { $1 }

  @Test(arguments: KeyringCommand.allCases)
  func `an item of another schema is no key of ours`(command: KeyringCommand) throws {
    let scene = try Scene(config: Scene.config)
    try scene.keyring.plant(Self.foreign, secret: "planted")
    let outcome = try command.start(in: scene).outcome()
    switch command {
    case .whoami, .exec, .credentialProcess, .remove: #expect(outcome.status == .exited(66))
    case .list: #expect(outcome.output.contains("alice     missing"))
    case .add: #expect(outcome.status == .exited(0))
    }
    #expect(scene.keyring.paths(with: Self.foreign).count == 1)
    #expect(scene.actions == [])
  }

  @Test func `our key is taken among twenty foreign ones`() throws {
    let scene = try Scene.withAlice()
    for number in 0..<20 {
      try scene.keyring.plant(Self.foreign.merging(["number": "\(number)"]) { $1 }, secret: "planted")
      try scene.keyring.plant(Self.attributes.merging(["number": "\(number)"]) { $1 }, secret: "planted")
    }
    #expect(try scene.prepare("daypass whoami alice --no-session") == "arn:aws:iam::123456789012:user/alice\n")
  }

  @Test(arguments: [2, 6])
  func `several items that all look like our key are an error that names them`(count: Int) throws {
    let scene = try Scene.withAlice()
    for number in 2...count {
      try scene.keyring.plant(Self.attributes.merging(["number": "\(number)"]) { $1 }, secret: "planted")
      let path = try #require(scene.keyring.paths(with: ["number": "\(number)"]).first)
      try scene.keyring.setAttributes(Self.attributes, ofItem: path)
    }
    let all = scene.keyring.paths(with: Self.attributes).sorted().map {
      $0.split(separator: "/").suffix(2).joined(separator: "/")
    }
    #expect(all.count == count)
    for command in [KeyringCommand.whoami, .exec, .credentialProcess] {
      let outcome = try command.start(in: scene).outcome()
      #expect(outcome.status == .exited(1))
      #expect(outcome.output == "")
      let names = all.prefix(4).joined(separator: ", ") + (count > 4 ? ", …" : "")
      #expect(
        outcome.errors == """
          daypass: the keyring holds \(count) items that claim to be the key of profile 'alice': \(names)
          daypass: hint: remove them all, and store it again: daypass remove alice; daypass add alice

          """)
    }
    #expect(scene.actions == [])
    try scene.prepare("daypass remove alice --force")
    try scene.storeKey(of: "alice")
    #expect(try scene.prepare("daypass whoami alice --no-session") == "arn:aws:iam::123456789012:user/alice\n")
  }
}
