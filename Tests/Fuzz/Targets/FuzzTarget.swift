/// What is fuzzed; the raw value names its corpus.
enum FuzzTarget: String, CaseIterable, Sendable {
  case config, editor, planner, answers, times, values, payload, frames, shell, keyInput, codes

  /// Gives `input` to the code; throws `Violation` where what comes out is wrong.
  func check(_ input: [UInt8]) throws {
    switch self {
    case .config: try ConfigTarget.check(input)
    case .editor: try EditorTarget.check(input)
    case .planner: try PlannerTarget.check(input)
    case .answers: try AnswersTarget.check(input)
    case .times: try TimesTarget.check(input)
    case .values: try ValuesTarget.check(input)
    case .payload: try PayloadTarget.check(input)
    case .frames: try FramesTarget.check(input)
    case .shell: try ShellTarget.check(input)
    case .keyInput: try KeyInputTarget.check(input)
    case .codes: try CodesTarget.check(input)
    }
  }
}
