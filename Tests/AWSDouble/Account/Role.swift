import FoundationEssentials

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
  /// Where there is one, it stands for `trusts` and `requiresMFA`, and `policies` alone allow anything.
  package var trustPolicy: PolicyDocument?
  package var policies: [String: InlinePolicy] = [:]
  package var tags: [String: String] = [:]
  package var created = Date(timeIntervalSince1970: 1_767_225_600)
  var visibility: Visibility?

  package var name: String { arn.split(separator: "/").last.map(String.init) ?? arn }

  /// Begins and ends with `/`.
  var path: String {
    let parts = arn.split(separator: "/").dropFirst().dropLast()
    return parts.isEmpty ? "/" : "/" + parts.joined(separator: "/") + "/"
  }

  package init(arn: String, trusts: Set<String>) {
    (self.arn, self.trusts) = (arn, trusts)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case arn, trusts, requiresMFA, externalID, maxSessionDuration, deniedActions, assumableRoles
    case trustPolicy, policies, tags, created
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
    trustPolicy = try fields.decodeIfPresent(PolicyDocument.self, forKey: .trustPolicy)
    policies = try fields.value(.policies, or: [:])
    tags = try fields.value(.tags, or: [:])
    created = try fields.value(.created, or: created)
  }
}
