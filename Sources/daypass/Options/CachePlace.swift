/// Where sessions are kept, as `DAYPASS_CACHE` says.
enum CachePlace: String, CaseIterable {
  /// In the kernel, and in the keyring where the kernel refuses.
  case kernel
  /// In the keyring's memory.
  case keyring
  /// Nowhere: every command asks AWS.
  case none

  static let variable = "DAYPASS_CACHE"

  init(environment: [String: String]) throws(CommandError) {
    let text = environment[Self.variable] ?? ""
    guard let place = text.isEmpty ? .kernel : CachePlace(rawValue: text) else {
      throw .invalidChoice(variable: Self.variable, text, choices: Self.allCases.map(\.rawValue))
    }
    self = place
  }
}
