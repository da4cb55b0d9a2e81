internal import AWSServices
internal import Hashing
package import Secrets

/// What aws-vault and granted keep: an item of 99designs/keyring, of which every store has the same JSON. Go writes it, and
/// takes the names of its members in any case.
///
///     {"Key": "work", "Data": "<base64>", "Label": …}      the item
///     {"AccessKeyID": "…", "SecretAccessKey": "…", "SessionToken": "", …}     its data
package enum VaultItem {
  /// What an item is by its name.
  package enum Kind: Equatable, Sendable {
    case key
    /// Temporary credentials, a role's or a session's.
    case session
    /// The token of a sign-in to IAM Identity Center.
    case signIn
  }

  /// By the names that aws-vault has given to sessions from its first version on.
  package static func kind(of name: String) -> Kind {
    if name.hasPrefix("oidc:") { return .signIn }
    if name.hasPrefix("session,") || name.hasPrefix("session:") { return .session }
    let fields = name.split(separator: ",", omittingEmptySubsequences: false)
    if fields.count == 4, !fields[0].isEmpty, !fields[1].isEmpty, fields[3].isNumber { return .session }
    guard let start = name.end(ofLast: " session ("), name.hasSuffix(")") else { return .key }
    return name[start...].dropLast().isNumber ? .session : .key
  }

  /// The long-term key in `json`, whose item is called `name`.
  ///
  /// - Throws: `VaultItemError`, which has nothing of the item in it.
  package static func key(named name: String, in json: borrowing SecretBytes) throws -> Credentials {
    do {
      let item = try CredentialsDocument(json)
      guard try item.text("Key") == name, let data = Base64.decode(try item.required("Data")) else {
        throw VaultItemError.damaged
      }
      let key = try CredentialsDocument(data).credentials(token: "SessionToken")
      guard !key.sessionToken.exists else { throw VaultItemError.temporary }
      return key
    } catch is CredentialsDocumentError {
      throw VaultItemError.damaged
    }
  }
}

/// Why an item of another program is no key for us.
package enum VaultItemError: Error, Equatable {
  /// It is not what the program would have written under this name.
  case damaged
  /// It holds credentials that expire.
  case temporary
}

extension StringProtocol {
  fileprivate var isNumber: Bool { !isEmpty && utf8.allSatisfy(\.isDigit) }

  /// Where the last `text` ends.
  fileprivate func end(ofLast text: String) -> Index? {
    indices.last { self[$0...].hasPrefix(text) }.map { index($0, offsetBy: text.count) }
  }
}
