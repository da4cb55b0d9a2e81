internal import AWSValues
package import FoundationEssentials
package import Secrets

/// Credentials in JSON, as a `credential_process` prints them and as containers and instances are given them. Members count
/// in any case; those that nobody asks for are passed over.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
package struct CredentialsDocument: ~Copyable {
  private let document: SecretDocument
  /// By their names in lower case.
  private let members: [String: SecretDocument.Place]

  /// - Throws: `notJSON`, `notAnObject`, `repeated`.
  package init(_ json: borrowing SecretBytes) throws(CredentialsDocumentError) {
    let document = try Self.document(json)
    guard document.kind(of: SecretDocument.root) == .object else { throw .notAnObject(bytes: json.count) }
    var members: [String: SecretDocument.Place] = [:]
    for place in document.children(of: SecretDocument.root) {
      let name = document.name(of: place).lowercased()
      guard members.updateValue(place, forKey: name) == nil else { throw .repeated(name) }
    }
    self.document = document
    self.members = members
  }

  private static func document(_ json: borrowing SecretBytes) throws(CredentialsDocumentError) -> SecretDocument {
    do throws(JSONError) {
      return try SecretDocument(json: json.withoutByteOrderMark)
    } catch {
      throw .notJSON(bytes: json.count, error)
    }
  }
}

/// Why a document gives no credentials. Only names are reported: a broken part may be a secret.
package enum CredentialsDocumentError: Error, Equatable, Sendable {
  /// `bytes` is the document's size.
  case notJSON(bytes: Int, JSONError)
  case notAnObject(bytes: Int)
  /// Two members have this name, apart from case.
  case repeated(String)
  case missing(String)
  /// A member is not what it must be.
  case malformed(String)
  case expired(Date)
}

// MARK: - Members

extension CredentialsDocument {
  /// What a member's value is; nil if it is absent.
  package func kind(_ name: String) -> SecretDocument.Kind? { place(name).map { document.kind(of: $0) } }

  /// The text of a member; nil if it is absent, null or empty.
  package func text(_ name: String) throws(CredentialsDocumentError) -> String? {
    guard let place = try placeOfText(name) else { return nil }
    let text = document.text(at: place)
    guard text.unicodeScalars.allSatisfy(\.isDisplayable) else { throw .malformed(name) }
    return text.isEmpty ? nil : text
  }

  /// The content of a member, whatever it is; nil if it is absent.
  package func literal(_ name: String) -> String? { place(name).map { document.text(at: $0) } }

  /// The time in a member; nil if it is absent or null.
  package func date(_ name: String) throws(CredentialsDocumentError) -> Date? {
    guard let place = try placeOfText(name) else { return nil }
    guard let date = Date(rfc3339: document.text(at: place)) else { throw .malformed(name) }
    return date
  }

  /// The first of several members that is not absent, null or empty: visible ASCII, which may go into a header, an
  /// environment variable and JSON.
  private func secret(_ names: [String]) throws(CredentialsDocumentError) -> SecretBytes? {
    for name in names {
      guard let place = try placeOfText(name) else { continue }
      let secret = document.secret(at: place)
      guard secret.isVisibleASCII else { throw .malformed(name) }
      if !secret.isEmpty { return secret }
    }
    return nil
  }

  /// A secret that has to be there, of visible ASCII.
  package func required(_ name: String) throws(CredentialsDocumentError) -> SecretBytes {
    guard let secret = try secret([name]) else { throw .missing(name) }
    return secret
  }

  private func place(_ name: String) -> SecretDocument.Place? { members[name.lowercased()] }

  /// Nil if the member is absent or null.
  private func placeOfText(_ name: String) throws(CredentialsDocumentError) -> SecretDocument.Place? {
    guard let place = place(name) else { return nil }
    switch document.kind(of: place) {
    case .text: return place
    case .null: return nil
    case .number, .boolean, .object, .array: throw .malformed(name)
    }
  }
}

extension SecretBytes {
  /// Some programs begin what they print with one, which RFC 8259 lets a reader pass over.
  fileprivate var withoutByteOrderMark: SecretBytes {
    let hasMark = withBytes { $0.count >= 3 && $0[0] == 0xef && $0[1] == 0xbb && $0[2] == 0xbf }
    return hasMark ? clone(3..<count) : clone()
  }
}

// MARK: - Credentials

extension CredentialsDocument {
  /// The credentials. Without a session token they are a long-term key, which does not expire, whatever is said of it.
  ///
  /// - Parameters:
  ///   - token: what the member with the session token may be called.
  ///   - account: if the document tells none.
  package func credentials(
    token: String..., account: String? = nil
  ) throws(CredentialsDocumentError) -> Credentials {
    let id = try required("AccessKeyId")
    let secret = try required("SecretAccessKey")
    let sessionToken = try self.secret(token)
    let expiration = try date(place("Expiration") == nil ? "ExpiresAt" : "Expiration")
    let isTemporary = sessionToken.exists
    // It only tells SDKs more, so an odd one counts as absent.
    let told = literal("AccountId").flatMap { $0.isAccountID ? $0 : nil }
    return Credentials(
      accessKeyID: id.revealed() ?? "", secretAccessKey: secret, sessionToken: sessionToken,
      expiration: isTemporary ? expiration : nil, account: told ?? account)
  }
}
