import FoundationEssentials

/// An IAM user; its policies are reduced to the facts a test needs.
package struct User: Codable, Sendable {
  package var name: String
  /// Begins and ends with `/`.
  package var path = "/"
  package var keys: [AccessKey] = []
  package var mfaDevices: [VirtualMFADevice] = []
  /// Actions such as `iam:GetUser` that no policy allows.
  package var deniedActions: Set<String> = []
  /// Actions such as `s3:ListAllMyBuckets` allowed only with `aws:MultiFactorAuthPresent`.
  package var actionsNeedingMFA: Set<String> = []
  /// Roles the user's own policy lets it assume, needed where a role trusts the account rather than the user; `*` is all.
  package var assumableRoles: Set<String> = []
  package var mayAdministerIAM = false
  /// Whether its policies alone allow anything, as with users that CreateUser made; else what is said above.
  package var isGovernedByPolicies = false
  package var policies: [String: InlinePolicy] = [:]
  package var tags: [String: String] = [:]
  package var created = Date(timeIntervalSince1970: 1_767_225_600)
  var visibility: Visibility?

  package init(_ name: String, path: String = "/", keys: [AccessKey] = [], mfaDevices: [VirtualMFADevice] = []) {
    (self.name, self.path, self.keys, self.mfaDevices) = (name, path, keys, mfaDevices)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, path, keys, mfaDevices, deniedActions, actionsNeedingMFA, assumableRoles, mayAdministerIAM
    case isGovernedByPolicies, policies, tags, created
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    name = try fields.decode(String.self, forKey: .name)
    path = try fields.value(.path, or: path)
    keys = try fields.value(.keys, or: [])
    mfaDevices = try fields.value(.mfaDevices, or: [])
    deniedActions = try fields.value(.deniedActions, or: [])
    actionsNeedingMFA = try fields.value(.actionsNeedingMFA, or: [])
    assumableRoles = try fields.value(.assumableRoles, or: [])
    mayAdministerIAM = try fields.value(.mayAdministerIAM, or: false)
    isGovernedByPolicies = try fields.value(.isGovernedByPolicies, or: false)
    policies = try fields.value(.policies, or: [:])
    tags = try fields.value(.tags, or: [:])
    created = try fields.value(.created, or: created)
  }
}
