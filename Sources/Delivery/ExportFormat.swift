internal import AWSValues
internal import FoundationEssentials
package import Secrets

/// The ways `export` writes credentials; the raw value is what `--format` takes.
package enum ExportFormat: String, CaseIterable, Sendable {
  case sh, fish, powershell, env, json, ini

  /// The credentials of `profile` for the reader of this format, who gets every value back byte for byte.
  ///
  /// - Throws: `unusableValue` or `unusableInFormat`, before anything was written.
  package func render(
    _ credentials: borrowing Credentials, of profile: String, in region: String?
  ) throws(DeliveryError) -> SecretBytes {
    let variables = CredentialVariables(region: region)
    return switch self {
    case .sh: try ShellSyntax.posix.script(setting: variables, of: credentials)
    case .fish: try ShellSyntax.fish.script(setting: variables, of: credentials)
    case .powershell: try ShellSyntax.powershell.script(setting: variables, of: credentials)
    case .env: try EnvironmentFile.render(variables, of: credentials)
    case .json: try CredentialProcessDocument.render(credentials)
    case .ini: try CredentialsFileSection(profile: profile).render(variables, of: credentials)
    }
  }
}

// MARK: - Credential process document

/// The JSON by which a `credential_process` answers AWS SDKs: one object on one line.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
package enum CredentialProcessDocument {
  /// - Throws: `unusableValue` for a value that is empty or not UTF-8.
  package static func render(_ credentials: borrowing Credentials) throws(DeliveryError) -> SecretBytes {
    var document = SecretBytes()
    document.append("{\"Version\": 1")
    try document.appendMember("AccessKeyId", credentials.accessKeyID.utf8.span)
    try document.appendMember("SecretAccessKey", credentials.secretAccessKey)
    // Without it SDKs take the credentials for long-lived ones and never ask again.
    if let expiration = credentials.expiration {
      try document.appendMember("Expiration", expiration.rfc3339.utf8.span)
    }
    try credentials.sessionToken.withValue { (token) throws(DeliveryError) in
      try document.appendMember("SessionToken", token)
    }
    document.append("}\n")
    return document
  }
}

extension SecretBytes {
  fileprivate mutating func appendMember(_ name: String, _ value: borrowing SecretBytes) throws(DeliveryError) {
    try value.withBytes { (bytes) throws(DeliveryError) in try appendMember(name, bytes) }
  }

  fileprivate mutating func appendMember(_ name: String, _ value: borrowing Span<UInt8>) throws(DeliveryError) {
    guard !value.isEmpty else { throw .unusableValue(name: name, problem: .empty) }
    append(", \"\(name)\": ")
    guard appendJSONString(value) else { throw .unusableValue(name: name, problem: .notUTF8) }
  }
}

// MARK: - Credentials file section

/// A section of `~/.aws/credentials`.
///
/// Source: AWS SDKs and Tools Reference Guide, "Format of the config and credentials files". Its grammar has no
/// quoting, and its readers differ in what they cut as comment, quote or blank; so what any of them cuts is refused.
struct CredentialsFileSection {
  let profile: String

  func render(
    _ variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    guard !profile.isEmpty, profile.utf8.allSatisfy(Self.isPartOfName) else {
      throw .unusableInFormat(name: "profile", format: .ini)
    }
    var section = SecretBytes()
    section.append("[\(profile)]\n")
    try variables.forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      guard let property = Self.property(for: variable) else { return }
      guard value.indices.allSatisfy({ Self.isPlain(value[$0]) }) else {
        throw .unusableInFormat(name: variable.rawValue, format: .ini)
      }
      section.append("\(property) = ")
      section.append(value)
      section.append("\n")
    }
    return section
  }

  private static func property(for variable: CredentialVariable) -> String? {
    switch variable {
    case .accessKeyID: "aws_access_key_id"
    case .secretAccessKey: "aws_secret_access_key"
    case .sessionToken: "aws_session_token"
    // No SDK reads it; it tells people and scripts when to ask again.
    case .expiration: "aws_credential_expiration"
    case .region: "region"
    case .defaultRegion: nil
    }
  }

  /// Characters of a profile name that every SDK reads without quotes.
  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_-./%@:+".utf8.contains(byte)
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !"#;\"'".utf8.contains(byte)
  }
}

// MARK: - Environment file

/// The lines that `docker run --env-file` reads: everything after the first `=` is the value, without quoting.
///
/// Other readers of such files (docker compose, systemd, dotenv libraries) know quotes, escapes, comments and variables;
/// so what any of them changes is refused.
enum EnvironmentFile {
  static func render(
    _ variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    var file = SecretBytes()
    try variables.forEach(of: credentials) { (variable, value) throws(DeliveryError) in
      guard value.indices.allSatisfy({ Self.isPlain(value[$0]) }) else {
        throw .unusableInFormat(name: variable.rawValue, format: .env)
      }
      file.append(variable.rawValue + "=")
      file.append(value)
      file.append("\n")
    }
    return file
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !"#\"'\\$`".utf8.contains(byte)
  }
}

// MARK: - JSON

extension SecretBytes {
  /// Adds `text` as a JSON string (RFC 8259 §7); false, with nothing added, when it is not UTF-8.
  mutating func appendJSONString(_ text: borrowing Span<UInt8>) -> Bool {
    var string = SecretBytes(capacity: text.count + 2)
    string.append(UInt8(ascii: "\""))
    let isText = text.forEachScalar { string.appendJSONCharacter($0) }
    guard isText else { return false }
    string.append(UInt8(ascii: "\""))
    append(string)
    return true
  }

  private mutating func appendJSONCharacter(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\":
      append(UInt8(ascii: "\\"))
      append(scalar)
    case "\0"..."\u{1f}":
      append("\\u00")
      append(scalar.value < 16 ? "0" : "1")
      append(String(scalar.value % 16, radix: 16))
    default: append(scalar)
    }
  }

  /// Adds the UTF-8 of one code point.
  mutating func append(_ scalar: Unicode.Scalar) {
    for byte in scalar.utf8 { append(byte) }
  }
}

// MARK: - Shell syntax

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
