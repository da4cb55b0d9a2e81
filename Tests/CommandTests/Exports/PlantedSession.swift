import Foundation
import Keyring
import Secrets
import TestSupport

@testable import Sessions

/// A cached session of alice with any values at all, put into the kernel as daypass itself puts it there.
struct PlantedSession {
  private let scene: Scene
  private let program: String
  private let keyring: KernelKeyring
  private let name: String
  private let about: CachedSession.About

  init() throws {
    scene = try Scene.withAlice()
    program = try builtProgram("daypass")
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    keyring = KernelKeyring(name: "daypass:" + (scene.environment["XDG_DATA_HOME"] ?? ""))
    guard let name = try keyring.names().first, let payload = try keyring.secret(named: name) else {
      throw SetupFailure("no session is cached")
    }
    self.name = name
    about = try CachedSession(payload: payload).about
  }

  /// What `export` does when key id, secret and token are these.
  func export(
    _ accessKeyID: String, _ secret: [UInt8], _ token: [UInt8], for syntax: Shell.Syntax
  ) throws -> Launch.Outcome {
    try plant(accessKeyID, secret, token)
    let format = syntax == .posix ? "sh" : "fish"
    let variables = scene.environment.map { "\($0.key)=\($0.value)" }
    return try Launch(program, ["export", "alice", "--format", format], environment: variables).run()
  }

  /// The kernel gives back a user's quota a moment after a key is removed. Throws where the kernel keeps nothing so large.
  private func plant(_ accessKeyID: String, _ secret: [UInt8], _ token: [UInt8]) throws {
    let credentials = Credentials(
      accessKeyID: accessKeyID, secretAccessKey: SecretBytes(copying: secret.span),
      sessionToken: SecretBytes(copying: token.span), expiration: about.expiration)
    let payload = CachedSession(credentials: credentials, about: about).payload()
    var refusal: KernelKeyError?
    _ = eventually {
      refusal = save(payload)
      return refusal != .refused(errno: EDQUOT)
    }
    if let refusal { throw refusal }
  }

  private func save(_ payload: borrowing SecretBytes) -> KernelKeyError? {
    do throws(KernelKeyError) {
      try keyring.save(payload, named: name, seconds: 3_600)
      return nil
    } catch {
      return error
    }
  }
}
