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
