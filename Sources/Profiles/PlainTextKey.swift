/// A long-term key that stands in plain text in one of the files, or half in each.
package struct PlainTextKey: Equatable, Sendable {
  package let profile: String
  package let accessKeyID: Property
  package let secretAccessKey: Property
}

extension Profile {
  /// The key that AWS's SDKs would read; nil where there is none or half of one.
  package var plainTextKey: PlainTextKey? {
    guard let id = self[.accessKeyID], let secret = self[.secretAccessKey] else { return nil }
    return PlainTextKey(profile: name, accessKeyID: id, secretAccessKey: secret)
  }
}
