import FoundationEssentials

/// An IAM user; its policies are reduced to the facts a test needs.
package struct User: Decodable, Sendable {
  package var name: String
  /// Begins and ends with `/`.
  package var path = "/"
  package var keys: [AccessKey] = []
  package var mfaDevices: [VirtualMFADevice] = []
  /// Actions such as `iam:GetUser` that no policy allows.
  package var deniedActions: Set<String> = []
  /// Actions such as `s3:ListAllMyBuckets` allowed only with `aws:MultiFactorAuthPresent`.
  package var actionsNeedingMFA: Set<String> = []
  /// Roles that the user's own policy lets it assume, needed if a role trusts the account, not the user; `*` is all.
  package var assumableRoles: Set<String> = []
  package var mayAdministerIAM = false
  /// Whether only its policies allow anything, as for users that CreateUser made; otherwise the fields above do.
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

// MARK: - Role

/// An IAM role; its trust and permission policies are reduced to the facts a test needs.
package struct Role: Decodable, Sendable {
  package var arn: String
  /// ARNs of users and roles, or of the account (`…:root`), whose callers then need `assumableRoles` as well.
  package var trusts: Set<String> = []
  /// Subjects of the account's identity provider whose tokens it takes.
  package var webIdentities: Set<String> = []
  package var requiresMFA = false
  package var externalID: String?
  /// Seconds, 3600 to 43200.
  package var maxSessionDuration = 3600
  package var deniedActions: Set<String> = []
  package var assumableRoles: Set<String> = []
  /// If there is one, it replaces `trusts` and `requiresMFA`, and only `policies` allow anything.
  package var trustPolicy: PolicyDocument?
  package var policies: [String: InlinePolicy] = [:]
  package var tags: [String: String] = [:]
  package var created = Date(timeIntervalSince1970: 1_767_225_600)
  /// Of `sts:TagSession` and `sts:SetSourceIdentity`, what its trust does not allow.
  package var untrustedActions: Set<String> = []
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
    case arn, trusts, webIdentities, requiresMFA, externalID, maxSessionDuration, deniedActions, assumableRoles
    case trustPolicy, policies, tags, created
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    arn = try fields.decode(String.self, forKey: .arn)
    trusts = try fields.value(.trusts, or: [])
    webIdentities = try fields.value(.webIdentities, or: [])
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

// MARK: - Access key

/// A long-term access key of an IAM user; made-up ones only.
package struct AccessKey: Decodable, Sendable {
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

// MARK: - Virtual MFA device

/// A virtual MFA device; it belongs to the user it is listed under, or to nobody yet.
package struct VirtualMFADevice: Decodable, Sendable {
  package var serial: String
  /// The shared secret as IAM shows it: base32, without padding.
  package var seed: String
  package var enabled = Date(timeIntervalSince1970: 1_767_225_600)

  package var tags: [String: String] = [:]
  /// How many steps its clock is ahead, as ResyncMFADevice found.
  var drift = 0

  package init(serial: String, seed: String) {
    (self.serial, self.seed) = (serial, seed)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case serial, seed, enabled, tags }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    serial = try fields.decode(String.self, forKey: .serial)
    seed = try fields.decode(String.self, forKey: .seed)
    enabled = try fields.value(.enabled, or: enabled)
    tags = try fields.value(.tags, or: [:])
    if Base32.decode(seed) == nil {
      throw DecodingError.dataCorruptedError(forKey: .seed, in: fields, debugDescription: "not base32")
    }
  }
}

// MARK: - Issued session

/// Temporary credentials that STS handed out.
struct IssuedSession: Sendable {
  let accessKeyID: String
  let secret: String
  let token: String
  let expiration: Date
  let identity: Identity
  let kind: CredentialKind
  let scope: SessionScope
  /// Whether it is of a role that was assumed with temporary credentials.
  var isChained = false

  /// New random credentials; secret and token contain the characters that need encoding on their way (`/`, `+`, `=`).
  init(for identity: Identity, kind: CredentialKind, until expiration: Date, scope: SessionScope = SessionScope()) {
    self.scope = scope
    accessKeyID = "ASIA" + RandomText.letters(16, of: RandomText.base32)
    secret = RandomText.letters(38, of: RandomText.base64) + "/+"
    token = "IQoJb3JpZ2luX2Vj//" + RandomText.letters(300, of: RandomText.base64) + "+/=="
    self.expiration = expiration
    self.identity = identity
    self.kind = kind
  }
}

/// The last use of an access key, which the double reports at once.
struct KeyUse: Sendable {
  let date: Date
  let service: Service
  let region: String
}

/// A caller whose signature is right.
struct Caller: Sendable {
  let identity: Identity
  let kind: CredentialKind
  var scope = SessionScope()
}

/// The kind of credentials that signed a call; nothing else about them is recorded.
package enum CredentialKind: String, Codable, Sendable {
  case longTerm = "long-term key"
  case session = "session"
  case mfaSession = "MFA session"
  case roleSession = "role session"
  case federated = "federated session"

  var isTemporary: Bool { self != .longTerm }
}

/// Who signs: an IAM user, also through GetSessionToken, or a session of a role.
enum Identity: Equatable, Sendable {
  case user(name: String)
  case role(arn: String, sessionName: String)
  /// A session of GetFederationToken.
  case federated(user: String, name: String)

  /// The user whose policies count; nil for a role.
  var userName: String? {
    switch self {
    case .user(let name), .federated(let name, _): name
    case .role: nil
    }
  }
}
