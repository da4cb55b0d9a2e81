import FoundationEssentials

/// A long-term access key of an IAM user; made-up ones only.
package struct AccessKey: Codable, Sendable {
  package var id: String
  package var secret: String
  package var isActive = true
  package var created = Date(timeIntervalSince1970: 1_767_225_600)
  var lastUse: KeyUse?
  var visibility: Visibility?

  package init(id: String, secret: String) {
    (self.id, self.secret) = (id, secret)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case id, secret, isActive, created }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    id = try fields.decode(String.self, forKey: .id)
    secret = try fields.decode(String.self, forKey: .secret)
    isActive = try fields.value(.isActive, or: true)
    created = try fields.value(.created, or: created)
  }
}
