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
    let item = try document(json)
    guard try item.secret(ofMember: "Key").revealed() == name,
      let data = Base64.decode(try item.secret(ofMember: "Data"))
    else { throw VaultItemError.damaged }
    let key = try document(data)
    guard try !key.hasText("SessionToken") else { throw VaultItemError.temporary }
    let secret = try key.secret(ofMember: "SecretAccessKey")
    guard let id = try key.secret(ofMember: "AccessKeyID").revealed(), !id.isEmpty, !secret.isEmpty else {
      throw VaultItemError.damaged
    }
    return Credentials(accessKeyID: id, secretAccessKey: secret)
  }

  private static func document(_ json: borrowing SecretBytes) throws -> SecretDocument {
    do throws(JSONError) {
      let document = try SecretDocument(json: json)
      guard document.kind(of: SecretDocument.root) == .object else { throw .notWellFormed(offset: 0) }
      return document
    } catch {
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

extension SecretDocument {
  /// The only member of this name that the root has.
  private func member(_ name: String) throws(VaultItemError) -> Place? {
    let members = children(of: Self.root).filter { self.name(of: $0).lowercased() == name.lowercased() }
    guard members.count <= 1, members.allSatisfy({ kind(of: $0) == .text }) else { throw .damaged }
    return members.first
  }

  fileprivate func hasText(_ name: String) throws(VaultItemError) -> Bool {
    try member(name).map { !secret(at: $0).isEmpty } ?? false
  }

  fileprivate func secret(ofMember name: String) throws(VaultItemError) -> SecretBytes {
    guard let member = try member(name) else { throw .damaged }
    return secret(at: member)
  }
}

extension StringProtocol {
  fileprivate var isNumber: Bool { !isEmpty && utf8.allSatisfy(\.isDigit) }

  /// Where the last `text` ends.
  fileprivate func end(ofLast text: String) -> Index? {
    indices.last { self[$0...].hasPrefix(text) }.map { index($0, offsetBy: text.count) }
  }
}
