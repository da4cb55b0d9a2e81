package import Processes
package import Profiles
internal import Secrets

/// Runs the programs that profiles name: for MFA codes, for credentials and for tokens. They get the user's environment
/// without the credentials that are there for others, and learn for which profiles they run.
package struct ProfilePrograms {
  /// `NAME=value` entries.
  private let environment: [[UInt8]]
  private let trail: ProfileTrail
  private let terminal: ChildProgram.TerminalUse

  /// - Parameters:
  ///   - environment: `NAME=value` entries without credentials.
  ///   - trail: what has led to us.
  package init(environment: [[UInt8]], trail: ProfileTrail, terminal: ChildProgram.TerminalUse) {
    self.environment = environment
    self.trail = trail
    self.terminal = terminal
  }

  /// What a program prints that runs for the sake of `profiles`; `variables` are `NAME=value`.
  func output(
    of words: [String], for profiles: [String], adding variables: [String] = []
  ) throws(ChildError) -> SecretBytes {
    let trail = trail.adding(profiles).text
    let added = (ProfileTrail.variables.map { "\($0)=\(trail)" } + variables).map { Array($0.utf8) }
    func name(of entry: [UInt8]) -> ArraySlice<UInt8> { entry.prefix { $0 != UInt8(ascii: "=") } }
    let replaced = Set(added.map(name))
    let kept = environment.filter { !replaced.contains(name(of: $0)) }
    let program = ChildProgram(words, environment: kept + added, terminal: terminal, timeout: timeout)
    return try program.run()
  }

  /// A program at the terminal may wait for a person.
  private var timeout: Duration {
    switch terminal {
    case .none, .detached: .seconds(60)
    case .shared: .seconds(300)
    }
  }
}
