internal import AWSValues
internal import FoundationEssentials
package import Secrets

/// The ways `export` writes credentials; the raw value is what `--format` takes.
package enum ExportFormat: String, CaseIterable, Sendable {
  case sh, fish, powershell, env, json, ini

  /// The credentials for the reader of this format, who gets every value back byte for byte.
  ///
  /// - Parameter inherited: what is known of the reader's environment.
  /// - Throws: `unusableValue` or `unusableInFormat`, before anything was written.
  package func render(
    _ credentials: borrowing Credentials, _ variables: CredentialVariables, inherited: EnvironmentBlock
  ) throws(DeliveryError) -> SecretBytes {
    switch self {
    case .sh: try Shell.posix.script(setting: variables, of: credentials, inherited: inherited)
    case .fish: try Shell.fish.script(setting: variables, of: credentials, inherited: inherited)
    case .powershell: try Shell.powershell.script(setting: variables, of: credentials, inherited: inherited)
    case .env: try EnvironmentFile.render(variables, of: credentials)
    case .json: try CredentialProcessDocument.render(credentials)
    case .ini: try CredentialsFileSection.render(variables, of: credentials)
    }
  }

  /// The variables by which SDKs find a server, for the reader of this format.
  ///
  /// - Throws: `unusableInFormat` for `ini`, which has no settings for them.
  package func render(
    _ variables: borrowing ContainerVariables, inherited: EnvironmentBlock
  ) throws(DeliveryError) -> SecretBytes {
    switch self {
    case .sh: try Shell.posix.script(setting: variables, inherited: inherited)
    case .fish: try Shell.fish.script(setting: variables, inherited: inherited)
    case .powershell: try Shell.powershell.script(setting: variables, inherited: inherited)
    case .env: try EnvironmentFile.render(variables)
    case .json: try variables.jsonObject()
    case .ini: throw .unusableInFormat(name: ContainerVariables.names[0], format: .ini)
    }
  }

  /// What makes the shell that evaluates it fail, for whoever has no credentials to print: `eval "$(…)"` does not see the
  /// exit status of a command. Nil for formats that no shell evaluates.
  package var failure: String? {
    switch self {
    case .sh, .fish: "false\n"
    case .powershell: "throw 'daypass export failed'\n"
    case .env, .json, .ini: nil
    }
  }
}

// MARK: - Shells

extension ExportFormat {
  /// How a shell sets and removes exported variables.
  ///
  /// Statements end in `;` as well as a line break: `eval` joins lines if the output it is given is not quoted, and
  /// always does in fish.
  fileprivate struct Shell: Sendable {
    var beforeName, beforeValue: String
    /// What stands for a character that cannot stand for itself between single quotes.
    var escapes: [Unicode.Scalar: String]
    var removal: @Sendable ([String]) -> String

    /// POSIX.1-2017, Shell Command Language, 2.2.2: nothing is special between single quotes, not even a backslash.
    static let posix = Shell(beforeName: "export ", beforeValue: "=", escapes: ["'": #"'\''"#]) { names in
      "unset \(names.joined(separator: " "));\n"
    }

    /// fish, "The fish language", Quotes: `\'` and `\\` are the two escapes between single quotes.
    ///
    /// A universal variable is the user's for good, so it stays; programs see it as long as no exported global one, be
    /// it empty, precedes it.
    static let fish = Shell(beforeName: "set -gx ", beforeValue: " ", escapes: ["'": #"\'"#, "\\": #"\\"#]) { names in
      """
      for daypass_name in \(names.joined(separator: " "));
      set -eg $daypass_name;
      if set -qUx $daypass_name; set -gx $daypass_name;
      echo "daypass: hint: $daypass_name is universal, and empty in this shell now: set -eU $daypass_name" >&2;
      end; end; set -e daypass_name;

      """
    }

    /// PowerShell, about_Quoting_Rules: a quote is doubled; U+2018 to U+201B are quotes like the ASCII one.
    static let powershell = Shell(
      beforeName: "$Env:", beforeValue: " = ",
      escapes: [
        "'": "''", "\u{2018}": "\u{2018}\u{2018}", "\u{2019}": "\u{2019}\u{2019}",
        "\u{201a}": "\u{201a}\u{201a}", "\u{201b}": "\u{201b}\u{201b}",
      ]
    ) { names in names.map { "$Env:\($0) = $null;\n" }.joined() }

    /// Statements that remove what would lead an SDK to other credentials, and set what these have.
    func script(
      setting variables: CredentialVariables, of credentials: borrowing Credentials, inherited: EnvironmentBlock
    ) throws(DeliveryError) -> SecretBytes {
      var script = SecretBytes()
      script.append(removal(variables.removed(for: credentials, inherited: inherited)))
      try variables.forEach(of: credentials) { (name, value) throws(DeliveryError) in append(name, value, to: &script) }
      return script
    }

    /// The same for a server.
    func script(
      setting variables: borrowing ContainerVariables, inherited: EnvironmentBlock
    ) throws(DeliveryError) -> SecretBytes {
      var script = SecretBytes()
      script.append(removal(variables.removed(inherited: inherited)))
      try variables.forEachVariable { (name, value) throws(DeliveryError) in append(name, value, to: &script) }
      return script
    }

    /// Adds the statement that sets a variable.
    private func append(_ name: String, _ value: borrowing Span<UInt8>, to script: inout SecretBytes) {
      script.append("\(beforeName)\(name)\(beforeValue)")
      append(value, to: &script)
      script.append(";\n")
    }

    /// Adds text as one word.
    func append(_ text: borrowing Span<UInt8>, to script: inout SecretBytes) {
      script.append("'")
      _ = text.forEachScalar { scalar in
        if let escape = escapes[scalar] { script.append(escape) } else { script.append(scalar) }
      }
      script.append("'")
    }
  }
}

// MARK: - Integrated shell

/// A shell that `init` has code for.
package enum IntegratedShell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// What the shell's function runs for `use`: notes how variables are, changes them, notes what it holds.
  ///
  /// - Parameters:
  ///   - delay: in how many seconds to renew them; nil for what does not end.
  ///   - words: what stood behind `use`.
  /// - Throws: as `render`.
  package func script(
    holding credentials: borrowing Credentials, _ variables: CredentialVariables, inherited: EnvironmentBlock,
    renewedIn delay: Int?, words: [String]
  ) throws(DeliveryError) -> SecretBytes {
    let shell: ExportFormat.Shell = self == .fish ? .fish : .posix
    var names = variables.removed(for: credentials, inherited: inherited)
    try variables.forEach(of: credentials) { (name, _) throws(DeliveryError) in names.append(name) }
    var script = SecretBytes()
    script.append("__daypass_save \(names.joined(separator: " ")) || return;\n")
    script.append(try shell.script(setting: variables, of: credentials, inherited: inherited))
    script.append("__daypass_hold")
    for word in [delay.map(String.init) ?? "-", credentials.accessKeyID] + words {
      script.append(" ")
      shell.append(word.utf8.span, to: &script)
    }
    script.append(";\n")
    return script
  }
}

// MARK: - Credential process document

/// The JSON by which a `credential_process` answers AWS SDKs: one object on one line.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
package enum CredentialProcessDocument {
  /// - Throws: `unusableValue` for a value that is empty or not UTF-8.
  package static func render(_ credentials: borrowing Credentials) throws(DeliveryError) -> SecretBytes {
    try SecretBytes(object: "{\"Version\": 1", of: credentials, token: "SessionToken")
  }
}

/// The JSON by which a container's credential endpoint answers AWS SDKs.
///
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
package enum ContainerDocument {
  /// - Throws: `unusableValue` for a value that is empty or not UTF-8.
  package static func render(_ credentials: borrowing Credentials) throws(DeliveryError) -> SecretBytes {
    try SecretBytes(object: "{\"Code\": \"Success\"", of: credentials, token: "Token")
  }
}

extension SecretBytes {
  /// - Parameter start: of the object, with its first member.
  fileprivate init(
    object start: String, of credentials: borrowing Credentials, token name: String
  ) throws(DeliveryError) {
    self.init(copying: start)
    try appendMember("AccessKeyId", credentials.accessKeyID.utf8.span)
    try appendMember("SecretAccessKey", credentials.secretAccessKey)
    // Without it SDKs take the credentials for long-lived ones and never ask again.
    if let expiration = credentials.expiration { try appendMember("Expiration", expiration.rfc3339.utf8.span) }
    try credentials.sessionToken.withValue { (token) throws(DeliveryError) in try appendMember(name, token) }
    // SDKs put it into the host names of some services.
    if let account = credentials.account { try appendMember("AccountId", account.utf8.span) }
    append("}\n")
  }

  private mutating func appendMember(_ name: String, _ value: borrowing SecretBytes) throws(DeliveryError) {
    try value.withBytes { (bytes) throws(DeliveryError) in try appendMember(name, bytes) }
  }

  private mutating func appendMember(_ name: String, _ value: borrowing Span<UInt8>) throws(DeliveryError) {
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
enum CredentialsFileSection {
  static func render(
    _ variables: CredentialVariables, of credentials: borrowing Credentials
  ) throws(DeliveryError) -> SecretBytes {
    guard !variables.profile.isEmpty, variables.profile.utf8.allSatisfy(isPartOfName) else {
      throw .unusableInFormat(name: "profile", format: .ini)
    }
    var section = SecretBytes()
    section.append("[\(variables.profile)]\n")
    try variables.forEach(of: credentials) { (name, value) throws(DeliveryError) in
      guard let property = properties[name] else { return }
      guard value.indices.allSatisfy({ isPlain(value[$0]) }) else {
        throw .unusableInFormat(name: name, format: .ini)
      }
      section.append("\(property) = ")
      section.append(value)
      section.append("\n")
    }
    return section
  }

  /// The settings that stand for variables. No SDK reads the expiration; it tells people and scripts when to ask again.
  private static let properties = [
    "AWS_ACCESS_KEY_ID": "aws_access_key_id", "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_SESSION_TOKEN": "aws_session_token", "AWS_CREDENTIAL_EXPIRATION": "aws_credential_expiration",
    "AWS_REGION": "region",
  ]

  /// Characters of a profile name that every SDK reads without quotes.
  private static func isPartOfName(_ byte: UInt8) -> Bool { byte.isWordCharacter || "-./%@:+".utf8.contains(byte) }

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
    try variables.forEach(of: credentials) { (name, value) throws(DeliveryError) in try append(name, value, to: &file) }
    return file
  }

  static func render(_ variables: borrowing ContainerVariables) throws(DeliveryError) -> SecretBytes {
    var file = SecretBytes()
    try variables.forEachVariable { (name, value) throws(DeliveryError) in try append(name, value, to: &file) }
    return file
  }

  private static func append(
    _ name: String, _ value: borrowing Span<UInt8>, to file: inout SecretBytes
  ) throws(DeliveryError) {
    guard value.indices.allSatisfy({ isPlain(value[$0]) }) else { throw .unusableInFormat(name: name, format: .env) }
    file.append(name + "=")
    file.append(value)
    file.append("\n")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !"#\"'\\$`".utf8.contains(byte)
  }
}

extension SecretBytes {
  /// Adds the UTF-8 of one code point.
  mutating func append(_ scalar: Unicode.Scalar) {
    for byte in scalar.utf8 { append(byte) }
  }
}
