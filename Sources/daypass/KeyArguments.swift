import Secrets

/// Keys that somebody typed as words of a command line, where they have no place and must not be repeated.
struct KeyArguments {
  /// The parts that look like a secret access key.
  let secrets: [String]
  /// The words that are neither options nor keys.
  private let others: [String]
  private let hasAccessKeyID: Bool

  /// - Parameter arguments: without the program's name; what stands behind `--` is another program's.
  init(_ arguments: some Collection<String>) {
    let own = arguments.prefix { $0 != "--" }
    secrets = own.flatMap(Self.secretParts)
    hasAccessKeyID = own.contains(where: Self.isAccessKeyID)
    others = own.filter { !$0.hasPrefix("-") && !Self.isAccessKeyID($0) && Self.secretParts(of: $0).isEmpty }
  }

  /// The mistake of giving `add` a key; nil if there is none.
  var mistake: CommandError? {
    guard others.first == "add", hasAccessKeyID || !secrets.isEmpty else { return nil }
    return .keyAsArgument(profile: others.count == 2 ? others[1] : nil)
  }

  /// 30 characters or more of base64 with capital and small letters and digits among them, as hardly a path or a name has.
  private static func secretParts(of word: String) -> [String] {
    let parts = word.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+/=".contains($0))) }
    return parts.filter { part in
      part.utf8.count >= 30 && part.contains(where: \.isUppercase) && part.contains(where: \.isLowercase)
        && part.contains(where: \.isNumber)
    }.map(String.init)
  }

  private static func isAccessKeyID(_ word: String) -> Bool {
    (word.hasPrefix("AKIA") || word.hasPrefix("ASIA")) && word.utf8.count >= 16
      && word.utf8.allSatisfy(\.isWordCharacter)
  }
}
