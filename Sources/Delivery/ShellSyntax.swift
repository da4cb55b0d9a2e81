internal import Secrets

/// How a shell sets and removes an exported variable, and how its single quotes keep every character as it is.
///
/// Statements end in `;` as well as a line break: `eval` joins lines where the output it is given is not quoted, and
/// always does in fish.
struct ShellSyntax: Sendable {
  private let beforeName, beforeValue, afterValue: String
  private let beforeRemoved, afterRemoved: String
  /// What stands for a character that cannot stand for itself between single quotes.
  private let escapes: [Unicode.Scalar: String]

  /// POSIX.1-2017, Shell Command Language, 2.2.2: nothing is special between single quotes, not even a backslash.
  static let posix = ShellSyntax(
    beforeName: "export ", beforeValue: "='", afterValue: "';\n", beforeRemoved: "unset ", afterRemoved: ";\n",
    escapes: ["'": #"'\''"#])

  /// fish, "The fish language", Quotes: `\'` and `\\` are the two escapes between single quotes.
  static let fish = ShellSyntax(
    beforeName: "set -gx ", beforeValue: " '", afterValue: "';\n", beforeRemoved: "set -e ", afterRemoved: ";\n",
    escapes: ["'": #"\'"#, "\\": #"\\"#])

  /// PowerShell, about_Quoting_Rules: a quote is doubled; U+2018 to U+201B are quotes like the ASCII one.
  static let powershell = ShellSyntax(
    beforeName: "$Env:", beforeValue: " = '", afterValue: "';\n", beforeRemoved: "$Env:", afterRemoved: " = $null;\n",
    escapes: [
      "'": "''", "\u{2018}": "\u{2018}\u{2018}", "\u{2019}": "\u{2019}\u{2019}", "\u{201a}": "\u{201a}\u{201a}",
      "\u{201b}": "\u{201b}\u{201b}",
    ])

  /// Statements that set what the credentials have and remove what would lead an SDK to other ones.
  func script(
    setting variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    var script = SecretBytes()
    for name in CredentialVariables.redirecting + variables.missing(from: credentials).map(\.rawValue) {
      script.append(beforeRemoved + name + afterRemoved)
    }
    try variables.forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      script.append(beforeName + variable.rawValue + beforeValue)
      _ = value.forEachScalar { scalar in
        if let escape = escapes[scalar] { script.append(escape) } else { script.append(scalar) }
      }
      script.append(afterValue)
    }
    return script
  }
}
