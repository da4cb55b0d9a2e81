/// What a shell made of documents.
package struct ShellReading {
  /// Nil where every variable held what it should.
  package let difference: String?
  /// Files that were made in the folder it ran in.
  package let effects: [String]
}

extension Shell {
  /// Evaluates each document as the whole output of a command, in a folder of its own, and compares what the variables
  /// then hold.
  package func read(_ documents: [ExportedDocument]) throws -> ShellReading {
    let folder = ScratchFolder()
    folder.write(script(evaluating: documents), to: "script")
    var launch = Launch(
      path, options + ["script"], environment: ["PATH=/usr/bin:/bin", "HOME=\(folder.path)", "LC_ALL=\(locale)"])
    launch.folder = folder.path
    let outcome = try launch.run(within: 120)
    let effects = try folder.names().filter { $0 != "script" && !$0.hasPrefix(".") }
    return ShellReading(difference: difference(outcome, documents), effects: effects)
  }

  private func difference(_ outcome: Launch.Outcome, _ documents: [ExportedDocument]) -> String? {
    guard outcome.status == .exited(0), outcome.errors.isEmpty else {
      return "\(outcome.status): \(outcome.errorText.prefix(1_000))"
    }
    let expected = Array(expectedOutput(of: documents).utf8)
    guard outcome.output != expected else { return nil }
    let same = zip(outcome.output, expected).prefix { $0 == $1 }.count
    return "other from \(same): \(String(decoding: outcome.output.dropFirst(same).prefix(200), as: UTF8.self))"
  }
}
