import Foundation
import TestSupport
import Testing

/// Secrets of all lengths and bytes: what `add` takes it gives back byte for byte, and what it does not it refuses before
/// anything is written.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct SecretBytesTests {
  private let scene: Scene

  init() throws { scene = try Scene(config: Scene.config) }

  /// Runs `add` with these bytes as the secret.
  private func add(_ secret: Data) throws -> Launch.Outcome {
    let path = scene.scratch.path("key")
    try (Data("AKIAI44QH8DHBEXAMPLE\n".utf8) + secret + Data("\n".utf8)).write(to: URL(filePath: path))
    var launch = scene.launch("daypass add alice --stdin --no-verify")
    launch.input = path
    return try launch.run()
  }

  @Test(arguments: [1, 40, 8_191, 8_192, 8_193, 65_000])
  func `a secret comes back byte for byte`(count: Int) throws {
    let printable = Array(0x21...0x7e) as [UInt8]
    let secret = Data((0..<count).map { printable[$0 * 7 % printable.count] })
    #expect(try add(secret).status == .exited(0))
    let given = try scene.run("daypass exec alice --no-session -- printenv AWS_SECRET_ACCESS_KEY")
    let isSame = Data(given.output) == secret + Data("\n".utf8)
    #expect(isSame)
  }

  @Test(arguments: [
    Data(), Data(repeating: 0x41, count: 65_536), Data(repeating: 0x41, count: 1 << 20), Data([0x41, 0, 0x42]),
    Data([0x41, 0xff]), Data("key🔑".utf8), Data([0xff]), Data([0]),
  ])
  func `a secret that is none is refused before anything is written`(secret: Data) throws {
    let before = try contents()
    let outcome = try add(secret)
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.hasPrefix("daypass: ") && outcome.errorText.contains("\ndaypass: hint: "))
    #expect(try contents() == before)
    #expect(scene.keyring.paths(with: [:]) == [])
  }

  /// What the keyring's folder and the config hold.
  private func contents() throws -> [String] {
    let files = try scene.scratch.names(in: "data/keyrings").map { scene.scratch.path("data/keyrings/" + $0) }
    return try (files + [scene.scratch.path("home/.aws/config")]).map { path in
      path + " " + (try Data(contentsOf: URL(filePath: path)).base64EncodedString())
    }
  }
}
