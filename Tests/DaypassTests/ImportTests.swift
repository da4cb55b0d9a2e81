import TestSupport
import Testing

@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ImportTests {
  private let keyring: PrivateKeyring
  private let home = ScratchFolder()
  private static let key =
    "aws_access_key_id = AKIAMADEUP0000000001\naws_secret_access_key = made/up+secret/of/a/test/0000000000000000\n"

  init() throws {
    keyring = try PrivateKeyring()
    home.makeFolder(".aws")
    home.write("[other]\nregion = r\n\n[alice]\n" + Self.key, to: ".aws/credentials")
  }

  private func add() throws -> Launch {
    let environment = keyring.environment.merging(["HOME": home.path]) { _, ours in ours }
    return Launch(
      try builtProgram("daypass"), ["add", "alice", "--import", "--no-verify"],
      environment: environment.map { "\($0.key)=\($0.value)" })
  }

  @Test(arguments: [("y", "[other]\nregion = r\n\n"), ("n", "[other]\nregion = r\n\n[alice]\n" + key)])
  func `after an import the key is removed from the file if the user agrees`(answer: String, left: String) throws {
    let terminal = try PseudoTerminal(try add())
    try terminal.expect("stored in the keyring as profile 'alice'")
    try terminal.expect("remove the key from \(home.path)/.aws/credentials, line 5, where it stands in plain text?")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try home.text(of: ".aws/credentials") == left)
    #expect(try home.text(of: ".aws/config") == "[profile alice]\n")
  }

  @Test func `without a terminal a note says where the key still stands`() throws {
    let outcome = try add().run()
    #expect(outcome.status == .exited(0))
    #expect(
      outcome.errorText.hasSuffix(
        "daypass: the key still stands in plain text in \(home.path)/.aws/credentials, line 5\n"))
    #expect(try home.text(of: ".aws/credentials").contains(Self.key))
  }
}
