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
