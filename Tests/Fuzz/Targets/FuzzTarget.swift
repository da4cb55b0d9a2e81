/// What is fuzzed; the raw value names its corpus.
enum FuzzTarget: String, CaseIterable, Sendable {
  case config, editor, planner, answers, times, values, payload, shell, keyInput, codes, callback

  /// Gives `input` to the code; throws `Violation` if what comes out is wrong.
  func check(_ input: [UInt8]) throws {
    switch self {
    case .config: try ConfigTarget.check(input)
    case .editor: try EditorTarget.check(input)
    case .planner: try PlannerTarget.check(input)
    case .answers: try AnswersTarget.check(input)
    case .times: try TimesTarget.check(input)
    case .values: try ValuesTarget.check(input)
    case .payload: try PayloadTarget.check(input)
    case .shell: try ShellTarget.check(input)
    case .keyInput: try KeyInputTarget.check(input)
    case .codes: try CodesTarget.check(input)
    case .callback: try CallbackTarget.check(input)
    }
  }
}

// MARK: - Planted

/// The bugs that `make fuzz-check` has each target find, to show that a bug there would be found: what the code under
/// test gave is falsified in a rare case, and the target's own rules must notice.
enum Planted {
  /// `value`, or, in a build with planted bugs and where `condition` holds, `wrong`.
  static func bug<Value>(
    in value: Value, when condition: @autoclosure () -> Bool, _ wrong: @autoclosure () -> Value
  ) -> Value {
    #if PLANTED
      return condition() ? wrong() : value
    #else
      return value
    #endif
  }
}

// MARK: - Violation

/// A rule that the code under test broke.
struct Violation: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Throws if `holds` is false; `rule` says what should be.
func demand(_ holds: Bool, _ rule: @autoclosure () -> String) throws {
  if !holds { throw Violation(rule()) }
}
