import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// Keys that other programs keep; the cases `import-…` have the rest.
@Suite(.keyring)
struct ImportTests {
  private static let id = "AKIAIOSFODNN7EXAMPLE"
  private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  private static let work = VaultEntry("work", id: id, secret: secret)
  private static let plain = "[alice]\naws_access_key_id = \(id)\naws_secret_access_key = \(secret)\n"

  private func scene(with entries: [VaultEntry] = [work], in collection: String = "awsvault") throws -> Scene {
    let scene = try Scene()
    try scene.keyring.keep(entries, in: collection)
    return scene
  }

  /// What the scene's keyring still has for a profile of aws-vault.
  private func isThere(_ name: String, in scene: Scene) -> Bool {
    !scene.keyring.paths(with: ["profile": name]).isEmpty
  }

  private func expectKey(_ profile: String, in scene: Scene) throws {
    let outcome = try scene.run(
      "daypass exec \(profile) --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
    #expect(outcome.outputText == "\(Self.id)\n\(Self.secret)\n", "\(outcome.errorText)")
  }

  // MARK: aws-vault

  @Test func `a person is shown whose key it is and asked, and aws-vault keeps it`() throws {
    let scene = try scene()
    let terminal = try scene.terminal("daypass import --from aws-vault")
    try terminal.expect("profile 'work': \(Self.id) of arn:aws:iam::123456789012:user/alice")
    try terminal.expect("import this key (work)? [Y/n] ")
    try terminal.send("y\n")
    try terminal.expect("stored in the keyring as profile 'work'")
    try terminal.expect("use MFA device alice for this profile? [Y/n] ")
    try terminal.send("\n")
    try terminal.expect("let aws, boto3 and terraform use")
    try terminal.send("n\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try scene.configText == "[profile work]\nmfa_serial = \(Scene.device)\n")
    #expect(isThere("work", in: scene))
    try expectKey("work", in: scene)
  }

  @Test func `who says no has nothing changed`() throws {
    let scene = try scene()
    let terminal = try scene.terminal("daypass import --from aws-vault")
    try terminal.expect("? [Y/n] ")
    try terminal.send("n\n")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(try scene.run("daypass list").outputText.isEmpty)
    #expect(throws: (any Error).self) { try scene.configText }
  }

  @Test func `sessions and sign-ins are left out, whatever aws-vault's version called them`() throws {
    let names = [
      "sts.GetSessionToken,d29yaw,YXJu,1795248000", "session,d29yaw,YXJu,1795248000", "session:work:arn:1795248000",
      "work session (1795248000)", "oidc:https://d-abc123.awsapps.com/start",
    ]
    let entries = names.map { VaultEntry($0, id: "ASIAIOSFODNN7EXAMPLE", secret: Self.secret, token: "t") }
    let temporary = VaultEntry("temporary", id: "ASIAIOSFODNN7EXAMPLE", secret: Self.secret, token: "t")
    let scene = try scene(with: entries + [temporary, Self.work])
    let outcome = try scene.run("daypass import --from aws-vault --all --delete-source")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(outcome.errorText.contains("left out 6 sessions and sign-ins, which expire (temporary)\n"))
    #expect(!isThere("work", in: scene) && isThere("temporary", in: scene))
    try expectKey("work", in: scene)
  }

  /// Any program of the user may put items into any collection.
  @Test func `planted and damaged items are refused, and the others imported`() throws {
    var planted = VaultEntry("planted", id: Self.id, secret: Self.secret)
    planted.attributes["xdg:schema"] = "org.example.Other"
    var beside = VaultEntry("work", id: "AKIAI44QH8DHBEXAMPLE", secret: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
    beside.attributes["xdg:schema"] = "org.example.Other"
    let damaged = VaultEntry("damaged", secret: "{\"Key\":\"damaged\",\"Data\":\"\(Self.secret)\"}")
    let other = VaultEntry("moved", secret: Self.work.secret)
    let scene = try scene(with: [
      planted, beside, damaged, other, Self.work, VaultEntry("twice", secret: "1"), VaultEntry("twice", secret: "2"),
    ])
    let outcome = try scene.run("daypass import --from aws-vault --all --delete-source")
    #expect(outcome.status == .exited(1))
    for line in [
      "planted: another program stored it (org.example.Other)", "twice: there are 2 items of this name",
      "damaged: what is stored under this name is not a key that aws-vault wrote",
      "not imported: damaged, moved, planted, twice",
    ] { #expect(outcome.errorText.contains("daypass: \(line)\n"), "\(outcome.errorText)") }
    for name in ["planted", "damaged", "moved", "twice"] { #expect(isThere(name, in: scene)) }
    #expect(SecretSweep(scene).leaks(in: outcome.errors + outcome.output) == [])
    try expectKey("work", in: scene)
  }

  @Test func `an empty collection of aws-vault does not hide the one it had before`() throws {
    let scene = try scene(with: [])
    try scene.keyring.keep([Self.work], in: "aws-vault")
    let overview = try scene.run("daypass import").outputText
    #expect(overview.contains("collection 'aws-vault'"), "\(overview)")
    try scene.prepare("daypass import --from aws-vault --all")
    try expectKey("work", in: scene)
  }

  @Test func `a key that another process is changing does not stop the others`() throws {
    let scene = try scene(with: [Self.work, VaultEntry("other", id: Self.id, secret: Self.secret)])
    let outcome = try scene.run(
      """
      mkdir -p -m 700 "$XDG_RUNTIME_DIR/daypass"
      flock "$XDG_RUNTIME_DIR/daypass/key-$(printf other | od -An -tx1 | tr -d ' ').lock" \
        daypass import --from aws-vault --all
      """)
    #expect(outcome.errorText.contains("is changing this key"), "\(outcome.errorText)")
    try expectKey("work", in: scene)
  }

  @Test func `a locked collection is opened with its password at the terminal`() throws {
    let scene = try scene()
    try scene.keyring.lock(collection: "awsvault")
    let refused = try scene.run("daypass import --from aws-vault --all")
    #expect(refused.status == .exited(78))
    #expect(refused.errorText.contains("the keyring 'awsvault' is locked"))
    #expect(try scene.run("daypass import").outputText.contains("collection 'awsvault', locked"))
    let terminal = try scene.terminal("daypass import --from aws-vault work")
    try terminal.expect("Password of the keyring 'awsvault' (hidden): ")
    try terminal.send(PrivateKeyring.password + "\n")
    try terminal.expect("stored in the keyring as profile 'work'")
    try terminal.expect("? [Y/n] ")
    try terminal.send("n\n")
    try terminal.expect("let aws")
    try terminal.send("n\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains(PrivateKeyring.password))
  }

  @Test func `what was interrupted after the key was stored is continued by the next run`() throws {
    let scene = try scene()
    try scene.storeKey(of: "alice", as: "work")
    let outcome = try scene.run("daypass import --from aws-vault --all --delete-source --credential-process")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(outcome.outputText.contains("present"))
    #expect(!isThere("work", in: scene))
    #expect(try scene.configText.contains("/daypass credential-process work\n"))
    #expect(scene.actions == [])
    let again = try scene.run("daypass import --from aws-vault --all --delete-source")
    #expect(again.status == .exited(0))
    #expect(again.outputText.isEmpty)
  }

  @Test func `without the keyring nothing of the source goes`() throws {
    let scene = try scene()
    scene.environment["DAYPASS_COLLECTION"] = "nowhere"
    let outcome = try scene.run("daypass import --from aws-vault --all --delete-source --no-verify")
    #expect(outcome.status == .exited(69), "\(outcome.errorText)")
    #expect(isThere("work", in: scene))
  }

  /// The key would end with the login, and with it the only copy.
  @Test func `a collection that is in memory only gets no key, and nothing of the source goes`() throws {
    let scene = try scene()
    scene.environment["DAYPASS_COLLECTION"] = "session"
    let outcome = try scene.run("daypass import --from aws-vault --all --delete-source --no-verify")
    #expect(outcome.status == .exited(69), "\(outcome.errorText)")
    #expect(outcome.errorText.contains("the collection 'session' is in memory only"), "\(outcome.errorText)")
    #expect(isThere("work", in: scene))
  }

  @Test func `without AWS nothing is stored`() throws {
    let scene = try scene()
    scene.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    scene.environment["AWS_MAX_ATTEMPTS"] = "1"
    let outcome = try scene.run("daypass import --from aws-vault --all --delete-source")
    #expect(outcome.status == .exited(75))
    #expect(isThere("work", in: scene))
    #expect(try scene.run("daypass list").outputText.isEmpty)
  }

  @Test func `a profile that gets its credentials from aws-vault gets them from its key`() throws {
    let scene = try scene()
    let config = "[profile work]\ncredential_process = aws-vault exec work --json\n"
    scene.scratch.write(config, to: "home/.aws/config")
    let asked = try scene.run("daypass import --from aws-vault work")
    #expect(asked.errorText.contains("these lines still call aws-vault; --edit-config changes them\n"))
    #expect(try scene.configText == config)
    let outcome = try scene.run("daypass import --from aws-vault work --edit-config --delete-source")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(outcome.errorText.contains("\n- credential_process = aws-vault exec work --json\n+ credential_process = /"))
    #expect(try scene.configText.hasSuffix("/daypass credential-process work\n"))
    try expectKey("work", in: scene)
  }

  // MARK: Files

  @Test func `aws-vault's files are decrypted with the passphrase, which is asked for until it is right`() throws {
    let scene = try Scene()
    scene.scratch.makeFolder("home/.awsvault/keys")
    let file = scene.scratch.write(VaultEntry.file, to: "home/.awsvault/keys/work", mode: 0o600)
    scene.scratch.write("x", to: "home/.awsvault/keys/broken", mode: 0o600)
    let terminal = try scene.terminal(
      "daypass import --from aws-vault-file work --delete-source --no-verify --credential-process")
    for typed in ["wrong", VaultEntry.passphrase] {
      try terminal.expect("passphrase of \(scene.home)/.awsvault/keys (hidden): ")
      try terminal.send(typed + "\n")
    }
    try terminal.expect("removed 'work' from where it was")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(!terminal.transcript.contains(VaultEntry.passphrase))
    try expectKey("work", in: scene)
  }

  @Test func `in a folder of keys nothing counts but files of the user's`() throws {
    let scene = try Scene()
    scene.environment["AWS_VAULT_FILE_PASSPHRASE"] = VaultEntry.passphrase
    scene.scratch.makeFolder("home/.awsvault/keys/folder")
    scene.scratch.write(VaultEntry.file, to: "home/.awsvault/keys/work")
    let elsewhere = scene.scratch.write(VaultEntry.file, to: "elsewhere")
    let keys = scene.home + "/.awsvault/keys"
    try FileManager.default.createSymbolicLink(atPath: keys + "/link", withDestinationPath: elsewhere)
    try #require(mkfifo(keys + "/pipe", 0o600) == 0)
    let outcome = try scene.run("daypass import --from aws-vault-file --all --delete-source --no-verify --json")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    for name in ["folder", "link", "pipe"] { #expect(!outcome.outputText.contains(name), "\(outcome.outputText)") }
    #expect(try scene.scratch.names(in: "home/.awsvault/keys") == ["folder", "link", "pipe"])
    #expect(try scene.scratch.text(of: "elsewhere") == VaultEntry.file)
    try expectKey("work", in: scene)
  }

  @Test func `the passphrase may be in aws-vault's variable`() throws {
    let scene = try Scene()
    scene.scratch.makeFolder("home/keys")
    scene.scratch.write(VaultEntry.file, to: "home/keys/work", mode: 0o600)
    scene.environment["AWS_VAULT_FILE_DIR"] = "~/keys"
    #expect(try scene.run("daypass import --from aws-vault-file --all").status == .exited(64))
    scene.environment["AWS_VAULT_FILE_PASSPHRASE"] = "wrong"
    let wrong = try scene.run("daypass import --from aws-vault-file --all")
    #expect(wrong.status == .exited(77))
    #expect(
      wrong.errorText.contains("the passphrase in AWS_VAULT_FILE_PASSPHRASE opens nothing in \(scene.home)/keys\n"))
    scene.environment["AWS_VAULT_FILE_PASSPHRASE"] = VaultEntry.passphrase
    #expect(try scene.run("daypass import --from aws-vault-file --all").status == .exited(0))
    try expectKey("work", in: scene)
  }

  // MARK: granted

  @Test func `granted's keys come from its collection`() throws {
    let scene = try scene(in: "granted-aws-iam-credentials")
    let outcome = try scene.run("daypass import --from granted --all --delete-source")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(!isThere("work", in: scene))
    try expectKey("work", in: scene)
  }

  @Test func `granted's keys come from its files where it has no keyring`() throws {
    let scene = try Scene()
    scene.scratch.makeFolder("home/.granted/secure-storage-aws-iam-credentials")
    scene.scratch.write(
      VaultEntry.fileWithoutPassphrase, to: "home/.granted/secure-storage-aws-iam-credentials/work", mode: 0o600)
    let outcome = try scene.run("daypass import --from granted --all")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    try expectKey("work", in: scene)
  }

  // MARK: Plain text

  @Test(arguments: [("y", "[other]\nregion = r\n\n"), ("n", "[other]\nregion = r\n\n" + plain)])
  func `after an import the key is removed from the file if the user agrees`(answer: String, left: String) throws {
    let scene = try Scene()
    scene.scratch.write("[other]\nregion = r\n\n" + Self.plain, to: "home/.aws/credentials")
    let terminal = try scene.terminal("daypass import --from credentials alice --no-verify")
    try terminal.expect("stored in the keyring as profile 'alice'")
    // First, so that aws goes on working.
    try terminal.expect("let aws, boto3 and terraform use this profile too? [Y/n] ")
    try terminal.send("n\n")
    try terminal.expect("remove the plain-text key from \(scene.home)/.aws/credentials, line 5? [y/N] ")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try scene.scratch.text(of: "home/.aws/credentials") == left)
    #expect(try scene.configText == "[profile alice]\n")
  }

  /// Its new secret may stand nowhere else.
  @Test func `a secret that was changed in the file meanwhile stays there`() throws {
    let scene = try Scene()
    scene.scratch.write(Self.plain, to: "home/.aws/credentials")
    let terminal = try scene.terminal("daypass import --from credentials alice --no-verify --credential-process")
    try terminal.expect("remove the plain-text key from \(scene.home)/.aws/credentials, line 2? [y/N] ")
    let changed = Self.plain.replacing(Self.secret, with: "changed/changed/changed/changed/changed/0000")
    scene.scratch.write(changed, to: "home/.aws/credentials")
    try terminal.send("y\n")
    try terminal.expect("alice: it was changed meanwhile, and stays where it is")
    try terminal.expect("in the keyring, and still where they were: alice")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(try scene.scratch.text(of: "home/.aws/credentials") == changed)
  }

  @Test func `of many keys one that cannot be imported is named and the others are`() throws {
    let scene = try Scene()
    let strange = "[a]\naws_access_key_id = A\naws_secret_access_key = B\n[half]\naws_access_key_id = A\n"
    scene.scratch.write(strange + Self.plain, to: "home/.aws/credentials")
    let outcome = try scene.run(
      "daypass import --from credentials --all --no-verify --delete-source --credential-process")
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.contains("stored in the keyring as profile 'alice'"))
    #expect(outcome.errorText.hasSuffix("daypass: not imported: a\n"))
    #expect(try scene.scratch.text(of: "home/.aws/credentials") == strange)
    #expect(try scene.configText.hasSuffix("/daypass credential-process alice\n"))
  }
}
