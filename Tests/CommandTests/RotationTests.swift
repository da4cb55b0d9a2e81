import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// `rotate` through the built program, against the double's IAM.
@Suite(.keyring)
struct RotationTests {
  private static let faults: [Fault] = [
    .close, .closeAfterActing, .cut, .serverError, .throttle,
    .answer(
      status: 200, type: "text/xml",
      body: Answers.callerIdentity.replacing("123456789012", with: "999999999999")),
  ]
  /// The calls of a rotation, in order.
  private static let calls = 7

  @Test(arguments: faults)
  func `whatever an answer of AWS is, no key is lost, and the next rotation ends well`(fault: Fault) throws {
    let rotation = try RotationScene()
    var (lost, stray) = (0, 0)
    for number in 0..<Self.calls {
      if number > 0 { rotation.scene.double.fail(nil, with: .pass, times: number) }
      rotation.scene.double.fail(nil, with: fault, times: 3)
      _ = try rotation.scene.run("daypass rotate bob --yes")
      rotation.scene.double.clearFaults()
      if try !rotation.holdsWorkingKey() { lost += 1 }
      let again = try rotation.rotateToTheEnd()
      #expect(again.status == .exited(0), "\(fault) of call \(number): \(again.errorText)")
      #expect(try rotation.holdsWorkingKey(), "\(fault) of call \(number), in the end")
      stray += rotation.listed.count - 1
    }
    #expect(lost == 0 && stray == 0)
    publish(
      figure: "rotate with answers of AWS wrong (\(fault.label)): runs, keys lost, stray keys",
      "\(Self.calls), \(lost), \(stray)")
  }

  @Test func `a key that works late is waited for`() throws {
    let rotation = try RotationScene()
    rotation.scene.double.propagation = Propagation(calls: 2)
    try rotation.scene.prepare("daypass rotate bob --yes")
    #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1)
  }

  @Test func `of two rotations at once one does it, and the other says so`() throws {
    let rotation = try RotationScene()
    rotation.scene.double.fail(.createAccessKey, with: .delay)
    let first = try rotation.scene.launch("daypass rotate bob --yes").start()
    #expect(rotation.scene.double.wait(for: 1, of: .createAccessKey))
    let second = try rotation.scene.run("daypass rotate bob --yes")
    #expect(second.status == .exited(75) && second.errorText.contains("is changing this key"))
    rotation.scene.double.release()
    #expect(try first.wait(within: 30).status == .exited(0))
    #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1)
  }

  @Test func `while another machine rotates the key, both keys are shown, and nothing is touched`() throws {
    let rotation = try RotationScene()
    let other = try Scene(config: "[profile bob]\n")
    other.environment["AWS_ENDPOINT_URL"] = rotation.scene.double.url
    try other.storeKey(of: "bob")
    rotation.scene.double.fail(.createAccessKey, with: .delay)
    let first = try rotation.scene.launch("daypass rotate bob --yes").start()
    #expect(rotation.scene.double.wait(for: 1, of: .createAccessKey))
    let both = rotation.listed
    let second = try other.run("daypass rotate bob --yes")
    #expect(second.status == .exited(77) && both.count == 2)
    #expect(both.allSatisfy(second.errorText.contains), "\(second.errorText)")
    #expect(rotation.listed == both)
    rotation.scene.double.release()
    #expect(try first.wait(within: 30).status == .exited(0))
    #expect(try rotation.holdsWorkingKey() && rotation.listed == [both[1]])
  }

  @Test(arguments: KeyringTrouble.possible)
  func `a keyring that fails while AWS is asked costs no key, is named, and leaves no stray key`(
    trouble: KeyringTrouble
  )
    throws
  {
    for action in [Action.createAccessKey, .getCallerIdentity, .updateAccessKey, .deleteAccessKey] {
      let rotation = try RotationScene()
      rotation.scene.double.fail(action, with: .delay)
      let running = try rotation.scene.launch("daypass rotate bob --yes").start()
      #expect(rotation.scene.double.wait(for: 1, of: action))
      try trouble.begin(in: rotation.scene.keyring)
      rotation.scene.double.release()
      let outcome = try running.wait(within: 60)
      #expect(outcome.status == trouble.status, "\(trouble) during \(action): \(outcome.errorText)")
      try trouble.end(in: rotation.scene.keyring)
      #expect(try rotation.holdsWorkingKey(), "\(trouble) during \(action)")
      let again = try rotation.scene.run("daypass rotate bob --yes")
      #expect(again.status == .exited(0), "\(trouble) during \(action): \(again.errorText)")
      #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1, "\(trouble) during \(action), in the end")
    }
  }

  @Test func `where IAM wants MFA, the new key's own session retires the old one, and a code is never sent twice`()
    throws
  {
    let scene = try Scene.withAlice()
    scene.double.account[user: "alice"]?.actionsNeedingMFA = [
      "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey",
    ]
    let first = try scene.run("daypass rotate readonly --yes --mfa-code {code}")
    #expect(first.status == .exited(77))
    #expect(first.errorText.contains("run the same command again"))
    try scene.prepare("daypass rotate readonly --yes --mfa-code {code}")
    let keys = try #require(scene.double.account[user: "alice"]?.keys)
    #expect(keys.count == 1)
    #expect(try scene.prepare("daypass exec alice --no-session -- printenv AWS_ACCESS_KEY_ID") == "\(keys[0].id)\n")
    let session = try scene.run("daypass list-buckets alice")
    #expect(session.status == .exited(0), "the session of the new key is kept: \(session.errorText)")
  }

  @Test func `add of the new key of an unfinished rotation leaves it to the next rotate to finish`() throws {
    let rotation = try RotationScene()
    rotation.scene.double.fail(.deleteAccessKey, with: .refuse(status: 403, code: "AccessDenied", message: "no"))
    #expect(try rotation.scene.run("daypass rotate bob --yes").status == .exited(77))
    let left = try #require(rotation.scene.double.account[user: "bob"]?.keys.last)
    rotation.scene.double.forgetCalls()
    let add = try rotation.scene.run(
      "daypass add bob --stdin --force --no-verify", input: "\(left.id)\n\(left.secret)\n")
    #expect(add.status == .exited(0) && rotation.scene.actions == [], "\(add.errorText)")
    try rotation.scene.prepare("daypass rotate bob --yes")
    #expect(try rotation.holdsWorkingKey() && rotation.listed == [left.id])
  }

  @Test func `remove asks AWS for nothing, and names the key that an unfinished rotation made`() throws {
    let rotation = try RotationScene()
    rotation.scene.double.fail(.updateAccessKey, with: .refuse(status: 403, code: "AccessDenied", message: "no"))
    #expect(try rotation.scene.run("daypass rotate bob --yes").status == .exited(77))
    let both = rotation.listed
    rotation.scene.double.forgetCalls()
    let remove = try rotation.scene.run("daypass remove bob --force")
    #expect(remove.status == .exited(0) && remove.errorText.contains("key \(both[1]) "), "\(remove.errorText)")
    #expect(rotation.scene.actions == [] && rotation.listed == both)
  }

  @Test func `add --force stores the key it is given and deletes nothing, whatever became of CreateAccessKey before`()
    throws
  {
    let rotation = try RotationScene()
    rotation.scene.double.fail(.createAccessKey, with: .close)
    #expect(try rotation.scene.run("daypass rotate bob --yes").status == .exited(75))
    let made = rotation.makeKeyInConsole()
    let add = try rotation.scene.run(
      "daypass add bob --stdin --force --no-verify", input: "\(made.id)\n\(made.secret)\n")
    #expect(add.status == .exited(0), "\(add.errorText)")
    #expect(rotation.listed.contains(made.id))
    #expect(try rotation.holdsWorkingKey())
  }

  @Test func `a key that was made elsewhere while CreateAccessKey got no answer is named, and stays`() throws {
    let rotation = try RotationScene()
    rotation.scene.double.fail(.createAccessKey, with: .close)
    #expect(try rotation.scene.run("daypass rotate bob --yes").status == .exited(75))
    let made = rotation.makeKeyInConsole()
    let both = rotation.listed
    let again = try rotation.scene.run("daypass rotate bob --yes")
    #expect(again.status == .exited(77))
    #expect(again.errorText.contains("aws iam delete-access-key --access-key-id \(made.id)"), "\(again.errorText)")
    #expect(rotation.listed == both)
  }

  @Test func `add --force of the old key of an unfinished rotation does not delete that key`() throws {
    let rotation = try RotationScene()
    let old = try #require(Account.demo[user: "bob"]?.keys.first)
    rotation.scene.double.fail(.updateAccessKey, with: .refuse(status: 403, code: "AccessDenied", message: "no"))
    #expect(try rotation.scene.run("daypass rotate bob --yes").status == .exited(77))
    let new = try #require(rotation.listed.last)
    let add = try rotation.scene.run("daypass add bob --stdin --force", input: "\(old.id)\n\(old.secret)\n")
    #expect(add.status == .exited(0), "\(add.errorText)")
    #expect(try rotation.holdsWorkingKey())
    #expect(rotation.listed == [old.id, new])
    try rotation.scene.prepare("daypass rotate bob --yes")
    #expect(try rotation.holdsWorkingKey() && rotation.listed == [new])
  }

  @Test func `two profiles that hold one key both get the new one`() throws {
    let rotation = try RotationScene()
    rotation.scene.scratch.write("[profile bob]\n[profile bob2]\n", to: "home/.aws/config")
    try rotation.scene.storeKey(of: "bob", as: "bob2")
    let all = try rotation.scene.run("daypass rotate --all --yes")
    #expect(all.errorText.contains("profile 'bob2' had the same key, and now has the new one"), "\(all.errorText)")
    #expect(all.status == .exited(0) && all.outputText.split(separator: "\n").count == 1)
    let ids = try ["bob", "bob2"].map {
      try rotation.scene.prepare("daypass exec \($0) --no-session -- printenv AWS_ACCESS_KEY_ID")
    }
    #expect(ids == Array(repeating: "\(rotation.listed[0])\n", count: 2))
    #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1)
  }

  @Test func `without a terminal nothing is changed unless --yes and the profile are given`() throws {
    let rotation = try RotationScene()
    for command in ["rotate bob", "rotate --all", "rotate --yes"] {
      let outcome = try rotation.scene.run("daypass \(command)", environment: ["AWS_PROFILE": "bob"])
      #expect(
        outcome.errorText.contains("cannot ask whether to replace this key with a new one"),
        "\(command): \(outcome.errorText)")
    }
    #expect(rotation.scene.actions == [])
  }

  @Test func `the key's last use and its copy in plain text are shown before the question`() throws {
    let rotation = try RotationScene()
    let key = try #require(Account.demo[user: "bob"]?.keys.first)
    let copy = "[bob]\naws_access_key_id = \(key.id)\naws_secret_access_key = \(key.secret)\n"
    rotation.scene.scratch.write(copy, to: "home/.aws/credentials")
    try rotation.scene.prepare("daypass whoami bob --no-session")
    let terminal = try rotation.scene.terminal("exec daypass rotate bob")
    try terminal.expect("daypass: key \(key.id) (of profile 'bob', active, made ")
    try terminal.expect(", last used ")
    try terminal.expect(" holds the same key in plain text: what reads it there will stop working\r\n")
    try terminal.expect("replace this key with a new one, and delete it in AWS? [y/N] ")
    try terminal.send("n\n")
    try terminal.expect("nothing was changed")
    #expect(rotation.listed == [key.id])
  }

  @Test func `every key is rotated, and a failure of one is no failure of the others`() throws {
    let scene = try Scene(config: "[profile alice]\n[profile bob]\n")
    for user in ["alice", "bob"] { try scene.storeKey(of: user) }
    scene.double.account[user: "alice"]?.keys.append(AccessKey(id: "AKIAMADEUPOTHER00009", secret: "made/up"))
    let outcome = try scene.run("daypass rotate --all --yes")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("alice: the user has two access keys"))
    #expect(outcome.outputText.hasPrefix("bob  AKIA") && outcome.outputText.hasSuffix("the old key is deleted\n"))
  }

  @Test func `a key that its profile does not use is named, and no other key is rotated in its place`() throws {
    let role = "role_arn = arn:aws:iam::123456789012:role/readonly"
    let scene = try Scene(config: "[profile alice]\nsource_profile = bob\n\(role)\n[profile bob]\n")
    for user in ["alice", "bob"] { try scene.storeKey(of: user) }
    let outcome = try scene.run("daypass rotate --all --yes")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("daypass: alice: "), "\(outcome.errorText)")
    #expect(outcome.outputText.hasPrefix("bob  AKIA") && outcome.outputText.split(separator: "\n").count == 1)
    #expect(scene.double.calls.count { $0.action == "CreateAccessKey" } == 1)
  }
}

extension Fault {
  fileprivate var label: String {
    switch self {
    case .answer: "other account"
    default: "\(self)"
    }
  }
}

// MARK: - Rotation scene

/// A keyring with bob's key, an account with bob, and strace(1) to end commands in their middle.
struct RotationScene {
  let scene: Scene
  let trace: SystemCallTrace

  init(_ command: String = "rotate bob --yes", input: String = "") throws {
    scene = try Scene(config: "[profile bob]\nregion = eu-west-1\n")
    try scene.storeKey(of: "bob")
    trace = SystemCallTrace(
      command: try builtProgram("daypass") + " " + command, environment: scene.environment, input: input,
      log: scene.scratch.path("trace"))
  }

  /// The same, for an `add` of the key that is there already.
  init(adding user: String) throws {
    guard let key = Account.demo[user: user]?.keys.first else { throw SetupFailure("no user \(user)") }
    try self.init("add \(user) --stdin --force", input: "\(key.id)\n\(key.secret)\n")
  }

  /// The ids of bob's keys in AWS.
  var listed: [String] { scene.double.account[user: "bob"]?.keys.map(\.id) ?? [] }

  /// Rotates until it is done. A key that daypass cannot prove to be its own is named first, and deleted by the user.
  func rotateToTheEnd() throws -> Launch.Outcome {
    let first = try scene.launch("daypass rotate bob --yes").run(within: 120)
    let marker = "aws iam delete-access-key --access-key-id "
    guard first.status == .exited(77), let place = first.errorText.firstRange(of: marker) else { return first }
    let named = first.errorText[place.upperBound...].prefix { $0 != ";" }
    scene.double.account[user: "bob"]?.keys.removeAll { $0.id == named }
    return try scene.launch("daypass rotate bob --yes").run(within: 120)
  }

  /// A second key of bob's that daypass has no part in.
  func makeKeyInConsole() -> AccessKey {
    var key = AccessKey(id: "AKIAMADEUPOTHER00009", secret: "madeUpMadeUpMadeUpMadeUpMadeUpMadeUp9999")
    key.created = Date()
    scene.double.account[user: "bob"]?.keys.append(key)
    return key
  }

  /// Whether AWS takes the key that the keyring holds.
  func holdsWorkingKey() throws -> Bool { try lackOfWorkingKey() == nil }

  /// What a command got that should have got a working key; nil if it got one.
  func lackOfWorkingKey() throws -> String? {
    let command = "daypass exec bob --no-session -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
    var outcome = try scene.run(command)
    // A keyring that is slow on a busy machine is no loss, and says to try again.
    if outcome.status == .exited(75) { outcome = try scene.run(command) }
    let lines = outcome.outputText.split(separator: "\n").map(String.init)
    let isWorking =
      outcome.status == .exited(0) && lines.count == 2
      && scene.double.account[user: "bob"]?.keys.contains {
        $0.id == lines[0] && $0.secret == lines[1] && $0.isActive
      } == true
    return isWorking ? nil : "\(outcome.status): \(lines.first ?? "") \(outcome.errorText)"
  }

  /// Evenly chosen system calls of the command, a run being spent on finding them; all of them in the long run.
  func boundaries(_ count: Int) throws -> [SystemCallTrace.Boundary] {
    try trace.boundaries().spread(Soak.rounds(count, soak: .max))
  }

  /// The same of what its threads send to the bus; in the long run all calls of theirs.
  func busBoundaries(_ count: Int) throws -> [SystemCallTrace.Boundary] {
    let all = try trace.busBoundaries()
    return Soak.isOn ? all : all.filter { $0.name == "sendmsg" }.spread(count)
  }
}

// MARK: - Disk

extension RotationScene {
  /// Whether a file of the scene holds `secret`; what the test itself typed does not count.
  func isOnDisk(_ secret: String) throws -> Bool {
    let files = FileManager.default.enumerator(atPath: scene.scratch.path)
    while let name = files?.nextObject() as? String {
      let path = scene.scratch.path(name)
      // A file that the keyring has renamed or removed meanwhile has no type.
      let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard type == .typeRegular, name != "trace", let data = FileManager.default.contents(atPath: path) else {
        continue
      }
      if data.range(of: Data(secret.utf8)) != nil { return true }
    }
    return false
  }
}
