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
    let given = Set(try SecretSweep(scene).files())
    let arguments = try #require(testCase.text("arguments")).trimmingCharacters(in: .newlines)
    let (outcome, trace) = try scene.runTraced("exec daypass \(arguments)", input: testCase.text("stdin") ?? "")
    let results = try results(of: outcome, in: scene, config: testCase.text("config") ?? "")
    for (file, text) in results.sorted(by: { $0.key < $1.key }) {
      if Self.recorded == "all" || testCase.name == Self.recorded { try testCase.write(text, to: file) }
      #expect(text == testCase.text(file) ?? "", "\(testCase.name)/\(file)")
    }
    LeakTally.record(testCase.name, try leaks(of: outcome, trace, in: scene, except: given, testCase))
  }

  /// `--debug` adds lines to stderr, and neither secrets nor anything else.
  @Test(arguments: CommandCase.all.filter(\.takesDebug))
  func `debugging tells more on stderr and changes nothing`(testCase: CommandCase) throws {
    let scene = try Scene(of: testCase)
    let given = Set(try SecretSweep(scene).files())
    scene.environment["G_MESSAGES_DEBUG"] = "all"
    let words = try #require(testCase.text("arguments")).split(separator: " ", maxSplits: 1)
    let rest = words.dropFirst().joined().trimmingCharacters(in: .newlines)
    let command = "exec daypass \(words[0].trimmingCharacters(in: .newlines)) --debug \(rest)"
    let outcome = try scene.run(command, input: testCase.text("stdin") ?? "")
    let results = try results(of: outcome, in: scene, config: testCase.text("config") ?? "")
    for (file, text) in results {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let usual = lines.filter { !$0.hasPrefix("daypass: debug: ") }.joined(separator: "\n")
      #expect(usual == testCase.text(file) ?? "", "\(testCase.name)/\(file)")
    }
    LeakTally.record(testCase.name + " --debug", try leaks(of: outcome, nil, in: scene, except: given, testCase))
  }

  /// The places where a secret could be, and which were found there.
  private func leaks(
    of outcome: Launch.Outcome, _ trace: Trace?, in scene: Scene, except given: Set<String>, _ testCase: CommandCase
  ) throws -> [String: [String]] {
    let sweep = SecretSweep(scene)
    let meant = Mask.secretNames.contains { testCase.text("stdout")?.contains($0) ?? false }
    var places = [
      "stdout": sweep.leaks(in: outcome.output, meant: meant), "stderr": sweep.leaks(in: outcome.errors),
      "files": try sweep.files(except: given),
    ]
    guard let trace else { return places }
    for (index, line) in trace.arguments.enumerated() {
      // A code in an argument is there because the user put it there.
      let isTyped = line.contains("--mfa-code")
      let bytes = Array(line.utf8)
      places["command line \(index)"] = isTyped ? sweep.secrets(in: bytes) : sweep.leaks(in: bytes)
    }
    for (index, variables) in trace.workerEnvironments.enumerated() {
      places["worker \(index)"] = sweep.leaks(in: Array(variables.utf8)) + (variables.contains("AWS_") ? ["AWS_"] : [])
    }
    places["other files"] = trace.written.filter { !$0.hasPrefix(scene.scratch.path) && !$0.isOfDaypass }
    return places
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
}

extension String {
  /// What daypass writes beside the scene: nowhere, or on the terminal; and names of files in a folder of the config.
  fileprivate var isOfDaypass: Bool {
    ["/dev/null", "/dev/tty", "/dev/full"].contains(self) || !hasPrefix("/")
  }
}
