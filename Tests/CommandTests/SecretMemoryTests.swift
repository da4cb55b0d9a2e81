import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// Where secrets are in a command that waits for AWS.
@Suite(
  .keyring,
  .enabled(if: geteuid() == 0 && Installed.has("python3"), "only root may read another process's memory"))
struct SecretMemoryTests {
  @Test(arguments: [
    ("whoami alice --no-session", Action.getCallerIdentity), ("exec readonly --mfa-code {code} -- true", .assumeRole),
    ("rotate bob --yes", .updateAccessKey), ("import --from aws-vault work", .getCallerIdentity),
    ("import --from aws-vault-file work", .getCallerIdentity),
  ])
  func `while AWS is asked, keys and sessions are in locked memory alone`(command: String, action: Action) throws {
    let scene = try Scene(config: Scene.config + "\n[profile bob]\nregion = eu-west-1\n")
    for user in ["alice", "bob"] { try scene.storeKey(of: user) }
    let key = try #require(Account.demo[user: "alice"]?.keys.first)
    try scene.keyring.keep([VaultEntry("work", id: key.id, secret: key.secret)], in: "awsvault")
    for folder in ["home/.awsvault", "home/.awsvault/keys"] { scene.scratch.makeFolder(folder) }
    scene.scratch.write(VaultEntry.file, to: "home/.awsvault/keys/work")
    scene.environment["AWS_VAULT_FILE_PASSPHRASE"] = VaultEntry.passphrase
    scene.double.fail(action, with: .delay)
    let running = try scene.launch(scene.filled("exec daypass \(command)")).start()
    #expect(scene.double.wait(for: 1, of: action))
    try expectLocked(scene.double.secrets, in: running.pid)
  }

  @Test func `while the portal is asked, a token is in locked memory alone`() throws {
    let scene = try Scene.ofIdentityCenter()
    let secret = (0..<12).map { _ in UUID().uuidString }.joined()
    scene.keepTokenOfCLI(secret)
    let portal = LoopbackServer.listen()
    defer { close(portal.descriptor) }
    scene.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:\(portal.port)"
    let running = try scene.launch("exec daypass credential-process readonly").start()
    var knock = pollfd(fd: portal.descriptor, events: Int16(POLLIN), revents: 0)
    try #require(poll(&knock, 1, 60_000) == 1)
    let connection = accept(portal.descriptor, nil, nil)
    defer { close(connection) }
    var (request, part) = ("", [UInt8](repeating: 0, count: 4_096))
    while !request.contains("\r\n\r\n"), case let count = recv(connection, &part, part.count, 0), count > 0 {
      request += String(decoding: part.prefix(count), as: UTF8.self)
    }
    #expect(request.contains(secret))
    try expectLocked([secret], in: running.pid)
  }

  private func expectLocked(_ secrets: some Sequence<String>, in process: pid_t) throws {
    let search = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "memory.py").path
    let found = ChildProcess.run(
      ["python3", search, "\(process)"], environment: [:], input: secrets.map { $0 + "\n" }.joined())
    let lines = found.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.hasSuffix(", 0 elsewhere") }, "\(lines) \(found.errors)")
    #expect(lines.contains { !$0.hasPrefix("0 locked") }, "\(lines) \(found.errors)")
  }
}
