import AWSValues

extension [String: String] {
  /// The time span in a variable; nil where it is unset or empty.
  func time(_ name: String) throws(CommandError) -> SessionDuration? {
    guard let text = self[name], !text.isEmpty else { return nil }
    guard let duration = SessionDuration(text) else { throw .invalidTime(variable: name, text) }
    return duration
  }
}
