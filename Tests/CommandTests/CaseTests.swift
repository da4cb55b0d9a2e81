import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct CaseTests {
  /// `DAYPASS_RECORD=name swift test --filter CaseTests` writes what came into that case's folder; `all` into all.
  private static let recorded = ProcessInfo.processInfo.environment["DAYPASS_RECORD"] ?? ""

  @Test(arguments: CommandCase.all)
  func `the command does what its case says`(testCase: CommandCase) throws {
    let scene = try Scene(of: testCase)
    let given = try filesWithSecrets(in: scene)
    let arguments = try #require(testCase.text("arguments")).trimmingCharacters(in: .newlines)
    let outcome = try scene.run("exec daypass \(arguments)", input: testCase.text("stdin") ?? "")
    let results = try results(of: outcome, in: scene, config: testCase.text("config") ?? "")
    for (file, text) in results.sorted(by: { $0.key < $1.key }) {
      if Self.recorded == "all" || testCase.name == Self.recorded { try testCase.write(text, to: file) }
      #expect(text == testCase.text(file) ?? "", "\(testCase.name)/\(file)")
    }
    #expect(!SecretSweep(mask: Mask(scene), scene: scene).holdsSecret(Data(outcome.errors)))
    #expect(try SecretSweep(mask: Mask(scene), scene: scene).files(except: given) == [])
  }

  /// What came, by the names of the files that say what has to come.
  private func results(of outcome: Launch.Outcome, in scene: Scene, config: String) throws -> [String: String] {
    let mask = Mask(scene)
    let configAfter = FileManager.default.contents(atPath: scene.home + "/.aws/config") ?? Data()
    let after = String(decoding: configAfter, as: UTF8.self)
    return [
      "stdout": mask(outcome.outputText), "stderr": mask(outcome.errorText),
      "status": outcome.status == .exited(0) ? "" : "\(outcome.status)\n",
      "calls": mask(scene.double.calls.map(\.line).joined()), "config-after": after == config ? "" : after,
    ]
  }

  private func filesWithSecrets(in scene: Scene) throws -> [String] {
    try SecretSweep(mask: Mask(scene), scene: scene).files(except: []).map { "\(scene.scratch.path)/\($0)" }
  }
}
