import AWSDouble
import Foundation
import Glibc
import Secrets
import TestSupport
import Testing

@testable import Sessions

/// What every command says in every state of the keyring: its status, one cause, one hint, in time; "no key" never.
@Suite(.keyring)
struct KeyringStateTests {
  private static let tally = CellTally(
    states: KeyringState.anywhere.count + (ScriptedPrompter.isInstalled ? KeyringState.ofDialogs.count : 0)
      + (KeyringDisk.canBeMounted ? KeyringState.ofDisks.count : 0))

  @Test(arguments: KeyringState.anywhere)
  func `commands answer as documented when the keyring is`(state: KeyringState) throws {
    try tryCommands(in: state)
  }

  @Test(
    .enabled(if: ScriptedPrompter.isInstalled, "python3-gi or gir1.2-gcr-3 is not installed"),
    arguments: KeyringState.ofDialogs)
  func `commands answer as documented when the keyring has a dialog and is`(state: KeyringState) throws {
    try tryCommands(in: state)
  }

  @Test(
    .enabled(if: KeyringDisk.canBeMounted, "mounts need root or unprivileged user namespaces"),
    arguments: KeyringState.ofDisks)
  func `commands answer as documented when the keyring is kept`(state: KeyringState) throws {
    try tryCommands(in: state)
  }

  private func tryCommands(in state: KeyringState) throws {
    defer { Self.tally.finishState() }
    guard let interruption = state.interruption else { return try tryCommands(inLasting: state) }
    for command in KeyringCommand.allCases {
      let scene = try Scene.withAlice()
      let before = Files.contents(below: scene.keyring.folder)
      judge(try command.run(in: scene, interruptedBy: interruption), in: state, scene)
      #expect(Files.contents(below: scene.keyring.folder) == before)
    }
  }

  private func tryCommands(inLasting state: KeyringState) throws {
    let scene = try Scene.withAlice()
    let arrangement = try state.arrange(scene)
    defer { scene.keyring.resume() }
    if state.isWaiting {
      let attempts = try KeyringCommand.allCases.map { try $0.start(in: scene) }
      for attempt in attempts { judge(try attempt.outcome(), in: state, scene) }
    } else {
      for command in KeyringCommand.allCases { judge(try command.start(in: scene).outcome(), in: state, scene) }
    }
    withExtendedLifetime(arrangement) {}
  }

  private func judge(_ outcome: Attempt.Outcome, in state: KeyringState, _ scene: Scene) {
    let errors = outcome.errors.replacing(scene.scratch.path, with: "{scratch}")
    let isDocumented =
      switch DocumentedAnswer(of: outcome.command, in: state) {
      case .prints(let text): outcome.status == .exited(0) && outcome.output.contains(text) && errors == ""
      case .fails(let status, let cause):
        outcome.status == .exited(status) && outcome.output == "" && scene.actions == []
          && errors.hasPrefix("daypass: \(cause)\ndaypass: hint: ") && errors.split(separator: "\n").count == 2
      }
    #expect(isDocumented, "\(outcome.command) ended with \(outcome.status) and said \(errors)\(outcome.output)")
    Self.tally.add(outcome, isDocumented: isDocumented)
    scene.double.forgetCalls()
  }
}

// MARK: - Odd service tests

/// What commands say of a Secret Service that is not as it should be.
@Suite(
  .keyring,
  .enabled(if: ServiceDouble.isPossible, "python3-gi or openssl is not installed"))
struct OddServiceTests {
  private let scene: Scene

  init() throws {
    scene = try Scene(config: Scene.config)
    scene.keyring.kill()
    scene.environment["DISPLAY"] = ":79"
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "1"
  }

  @Test func `a keyring that would send keys in clear is refused before it is asked for one`() throws {
    let service = try ServiceDouble("plain", on: scene.keyring.bus)
    for command in KeyringCommand.allCases {
      let outcome = try command.start(in: scene).outcome()
      if command == .list {
        #expect(
          outcome.output.hasSuffix(
            "\nthe keyring offers no encrypted transport, so keys would cross the session bus unencrypted\n"))
        continue
      }
      #expect(outcome.status == .exited(69))
      #expect(
        outcome.errors == """
          daypass: the keyring offers no encrypted transport, so keys would cross the session bus unencrypted
          daypass: hint: use gnome-keyring instead; the process that answers now: busctl --user status org.freedesktop.secrets

          """)
    }
    #expect(service.calls.allSatisfy { ["ready", "OpenSession", "ReadAlias", "SearchItems"].contains($0) })
    #expect(scene.actions == [])
  }

  @Test(arguments: [
    ("wrong-type OpenSession", 1, "the keyring answered: "), ("wrong-type ReadAlias", 1, "the keyring answered: "),
    ("wrong-type SearchItems", 1, "the keyring answered: "), ("wrong-type GetSecrets", 1, "the keyring answered: "),
    ("wrong-type Delete", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("error OpenSession", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("error ReadAlias", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("error SearchItems", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("error GetSecrets", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("huge 8388608", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("vanishing", 75, "the keyring changed while it was asked"),
    ("never", 78, "the keyring was not unlocked within 1 s"),
    ("twice", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("by-item", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("lying", 78, "the keyring is locked, and its password dialog did not appear"),
  ])
  func `an odd answer is reported, and no key is made of it`(behaviour: String, status: Int32, cause: String) throws {
    // The others come to an end by themselves, however slow the machine is.
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = behaviour == "never" ? "1" : "60"
    let service = try ServiceDouble(behaviour, on: scene.keyring.bus)
    let outcome = try KeyringCommand.exec.start(in: scene).outcome()
    #expect(outcome.status == .exited(status))
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("daypass: \(cause)"), "\(outcome.errors)")
    #expect(outcome.errors.contains("\ndaypass: hint: ") && outcome.errors.split(separator: "\n").count == 2)
    #expect(scene.actions == [])
    withExtendedLifetime(service) {}
  }

  @Test func `a keyring that only says that it removed a key is not believed`() throws {
    let service = try ServiceDouble("open", on: scene.keyring.bus)
    let outcome = try KeyringCommand.remove.start(in: scene).outcome()
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.errors.hasPrefix("daypass: the keyring still shows the key of profile 'alice' after it was removed\n"),
      "\(outcome.errors)")
    withExtendedLifetime(service) {}
  }

  /// A Secret Service that holds bob's key as alice's.
  private func service(_ behaviour: String) throws -> ServiceDouble {
    let key = try #require(Account.demo[user: "bob"]?.keys.first)
    let credentials = Credentials(accessKeyID: key.id, secretAccessKey: SecretBytes(copying: key.secret))
    let payload = LongTermKey(credentials: credentials, stored: .now).payload().revealed() ?? ""
    let file = scene.scratch.write(payload, to: "payload")
    scene.scratch.write("[profile alice]\n", to: "home/.aws/config")
    return try ServiceDouble("\(behaviour) \(file)", on: scene.keyring.bus)
  }

  /// KWallet, in one call of 256.
  @Test func `a key that cannot be decrypted is asked for once more, in a new session`() throws {
    let service = try service("zero-cut")
    let identity = try scene.run("daypass whoami alice --no-session")
    #expect(identity.outputText == "arn:aws:iam::123456789012:user/team/bob\n", "\(identity.errorText)")
    #expect(service.calls.count { $0 == "OpenSession" } == 2)
  }

  /// gnome-keyring, asked by 50 processes at once.
  @Test func `a default collection that is missing for a moment is asked for again`() throws {
    let service = try service("late")
    let identity = try scene.run("daypass whoami alice --no-session")
    #expect(identity.outputText == "arn:aws:iam::123456789012:user/team/bob\n", "\(identity.errorText)")
    #expect(service.calls.count { $0 == "ReadAlias" } == 2)
  }

  /// KWallet, in a container whose kernel keeps no keys.
  @Test func `a keyring without a session collection costs the cache, and not the credentials`() throws {
    let service = try service("sessionless")
    scene.environment["DAYPASS_CACHE"] = "keyring"
    let outcome = try scene.run("daypass exec alice -- echo it runs")
    #expect(outcome.outputText == "it runs\n")
    #expect(
      outcome.errorText == "daypass: warning: the session could not be cached: "
        + "the keyring has no collection that is kept in memory only, for sessions\n")
    #expect(try scene.run("daypass clear --all").errorText == "daypass: no sessions to forget\n")
    #expect(try scene.prepare("daypass list").contains("alice"))
    #expect(scene.actions == ["GetSessionToken"])
    withExtendedLifetime(service) {}
  }

  @Test func `a keyring that is slow is waited for as long as it goes on answering`() throws {
    let service = try ServiceDouble("slow", on: scene.keyring.bus)
    let outcome = try KeyringCommand.list.start(in: scene).outcome()
    #expect(outcome.status == .exited(0) && outcome.output.contains("  keyring"), "\(outcome.errors)")
    withExtendedLifetime(service) {}
  }

  /// An array on D-Bus, here that of all the secrets asked for, holds 64 MiB at most (D-Bus Specification, "Marshaling
  /// (Wire Format)"), and the names in it take 128 bytes; GLib's service ends where it is to send one byte more.
  @Test func `the largest secret that the bus lets through is no key`() throws {
    let size = (64 << 20) - 129
    let service = try ServiceDouble("huge \(size)", on: scene.keyring.bus)
    let outcome = try KeyringCommand.exec.start(in: scene).outcome()
    let causes = [
      "daypass: the key of profile 'alice' in the keyring is damaged\n",
      // On a slow machine so much takes longer than is waited for.
      "daypass: the keyring did not answer within 10 s\n",
    ]
    #expect(causes.contains { outcome.errors.hasPrefix($0) }, "\(outcome.errors)")
    #expect(outcome.status != .exited(0) && outcome.output == "")
    #expect(service.calls.last == "GetSecrets" && scene.actions == [])
    publish(figure: "largest secret from a hostile keyring, refused", "\(size) bytes, all that D-Bus lets through")
  }
}

// MARK: - Foreign key tests

/// Items of other programs that look like keys of ours.
@Suite(.keyring)
struct ForeignKeyTests {
  private static let attributes = [
    "xdg:schema": "io.github.daypass.LongTermKey", "daypass-format": "2", "daypass-kind": "key",
    "daypass-profile": "alice",
  ]
  private static let foreign = attributes.merging(["xdg:schema": "org.example.Other"]) { $1 }

  @Test(arguments: KeyringCommand.allCases)
  func `an item of another schema is no key of ours`(command: KeyringCommand) throws {
    let scene = try Scene(config: Scene.config)
    try scene.keyring.plant(Self.foreign, secret: "planted")
    let outcome = try command.start(in: scene).outcome()
    switch command {
    case .whoami, .exec, .credentialProcess, .remove: #expect(outcome.status == .exited(66))
    case .list: #expect(outcome.output.contains("alice     no key"))
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
          daypass: hint: see which of them is right, and delete the others: Passwords and Keys (seahorse)

          """)
    }
    #expect(scene.actions == [])
    // What the hint says: nothing of ours removes one that may be right.
    #expect(try scene.run("daypass remove alice --force").status == .exited(1))
    #expect(scene.keyring.paths(with: Self.attributes).count == count)
    for number in 2...count { scene.keyring.delete("/org/freedesktop/secrets/collection/login/\(number)") }
    #expect(try scene.prepare("daypass whoami alice --no-session") == "arn:aws:iam::123456789012:user/alice\n")
  }
}

// MARK: - Redirected vault tests

/// Variables that would have libsecret or GLib keep keys elsewhere, or run a program of somebody's choice.
@Suite(.keyring)
struct RedirectedVaultTests {
  private static let attributes = ["daypass-kind": "key", "daypass-profile": "bob"]
  private let scene: Scene

  init() throws { scene = try Scene(config: Scene.config) }

  @Test func `variables of libsecret do not send a key to a file`() throws {
    let stolen = scene.scratch.path("stolen")
    scene.environment.merge(
      [
        "SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": stolen, "SECRET_FILE_TEST_PASSWORD": "known",
        "SECRET_SERVICE_BUS_NAME": "org.example.Other", "G_MESSAGES_DEBUG": "all", "G_DBUS_DEBUG": "all",
      ]) { _, new in new }
    let outcome = try KeyringCommand.add.start(in: scene).outcome()
    #expect(outcome.status == .exited(0))
    let config = scene.home + "/.aws/config"
    #expect(
      outcome.errors == "daypass: stored in the keyring as profile 'bob'\ndaypass: wrote [profile bob] to \(config)\n")
    #expect(!FileManager.default.fileExists(atPath: stolen))
    #expect(scene.keyring.paths(with: Self.attributes).count == 1)
  }

  @Test(arguments: ["tcp:host=127.0.0.1,port=1", "unixexec:path={program}", "autolaunch:"])
  func `a bus that is not a socket of this machine is refused, and nothing is run`(address: String) throws {
    let program = plantPrograms()
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = address.replacing("{program}", with: program)
    for command in KeyringCommand.allCases {
      let outcome = try command.start(in: scene).outcome()
      let problem = "is not a unix: address, so keys could leave this machine\n"
      if command == .list {
        #expect(outcome.output.hasSuffix(problem))
        continue
      }
      #expect(outcome.status == .exited(69))
      #expect(outcome.errors.contains(problem + "daypass: hint: unset"))
    }
    try expectNothingRan()
  }

  @Test func `without a bus, dbus-launch is not run`() throws {
    _ = plantPrograms()
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    scene.environment["XDG_RUNTIME_DIR"] = scene.scratch.path("nowhere")
    for command in KeyringCommand.allCases {
      #expect(try command.start(in: scene).outcome().status == .exited(command == .list ? 0 : 69))
    }
    try expectNothingRan()
  }

  /// Programs that leave a file behind when they are run, in PATH and elsewhere.
  private func plantPrograms() -> String {
    let script = "#!/bin/sh\ntouch \(scene.scratch.path("ran"))\n"
    scene.environment["DISPLAY"] = ":79"
    scene.scratch.write(script, to: "bin/dbus-launch", mode: 0o700)
    return scene.scratch.write(script, to: "program", mode: 0o700)
  }

  private func expectNothingRan() throws {
    #expect(!FileManager.default.fileExists(atPath: scene.scratch.path("ran")))
    #expect(scene.keyring.paths(with: Self.attributes) == [])
  }
}

// MARK: - Stopped call tests

/// A command that is stopped while it waits for the keyring, as by Ctrl-Z, or with the whole machine.
@Suite(.keyring)
struct StoppedCallTests {
  @Test func `the time for which a command was stopped is not held against the keyring`() throws {
    let scene = try Scene.withAlice()
    scene.keyring.freeze()
    let connections = scene.keyring.bus.connectionCount
    let running = try scene.launch("exec daypass credential-process alice --no-session").start()
    #expect(eventually { scene.keyring.bus.connectionCount > connections })
    running.send(SIGSTOP)
    // Longer than a keyring has time to answer.
    let start = ContinuousClock.now
    #expect(eventually(within: 60) { ContinuousClock.now - start > .seconds(12) })
    running.send(SIGCONT)
    scene.keyring.resume()
    let outcome = try running.wait()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }
}
