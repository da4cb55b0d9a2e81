/// A policy inside a user or role.
package struct InlinePolicy: Codable, Sendable {
  var document: PolicyDocument
  var visibility: Visibility?

  init(_ document: PolicyDocument, visibility: Visibility? = nil) {
    (self.document, self.visibility) = (document, visibility)
  }

  package init(from decoder: any Decoder) throws { document = try PolicyDocument(from: decoder) }

  package func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}
