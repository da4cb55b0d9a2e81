/// An IAM role; its trust and permission policies are reduced to the facts a test needs.
package struct Role: Codable, Sendable {
  package var arn: String
  /// ARNs of users and roles, or of the account (`…:root`), whose callers then need `assumableRoles` as well.
  package var trusts: Set<String> = []
  package var requiresMFA = false
  package var externalID: String?
  /// Seconds, 3600 to 43200.
  package var maxSessionDuration = 3600
  package var deniedActions: Set<String> = []
  package var assumableRoles: Set<String> = []

  package var name: String { arn.split(separator: "/").last.map(String.init) ?? arn }

  package init(arn: String, trusts: Set<String>) {
    (self.arn, self.trusts) = (arn, trusts)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case arn, trusts, requiresMFA, externalID, maxSessionDuration, deniedActions, assumableRoles
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    arn = try fields.decode(String.self, forKey: .arn)
    trusts = try fields.value(.trusts, or: [])
    requiresMFA = try fields.value(.requiresMFA, or: false)
    externalID = try fields.decodeIfPresent(String.self, forKey: .externalID)
    maxSessionDuration = try fields.value(.maxSessionDuration, or: maxSessionDuration)
    deniedActions = try fields.value(.deniedActions, or: [])
    assumableRoles = try fields.value(.assumableRoles, or: [])
  }
}
