import Crypto
import FoundationEssentials

/// One AWS account, as the double knows it; its JSON is the format of `aws-double --state`.
package struct Account: Decodable, Sendable {
  package var id = "123456789012"
  package var partition = "aws"
  package var users: [User] = []
  package var roles: [Role] = []
  /// Virtual devices that belong to nobody yet.
  package var unassignedMFADevices: [VirtualMFADevice] = []
  package var buckets: [Bucket] = []
  /// Regions where STS answers `RegionDisabledException`.
  package var disabledRegions: Set<String> = []
  /// How many seconds a request's `X-Amz-Date` may differ from the double's clock.
  package var allowedSkew = 300
  /// The most entries on one page of an IAM list, whatever `MaxItems` says.
  package var iamPageSize = 100
  /// The most buckets on one page, whatever `max-buckets` says.
  package var bucketPageSize = 10_000
  /// Whose tokens roles may trust.
  package var identityProvider = IdentityProvider()
  /// The name of the role that the container and the instance have.
  package var machineRole: String?

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, partition, users, roles, unassignedMFADevices, buckets, disabledRegions, allowedSkew, iamPageSize
    case bucketPageSize, machineRole
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    id = try fields.value(.id, or: id)
    partition = try fields.value(.partition, or: partition)
    users = try fields.value(.users, or: [])
    roles = try fields.value(.roles, or: [])
    unassignedMFADevices = try fields.value(.unassignedMFADevices, or: [])
    buckets = try fields.value(.buckets, or: [])
    disabledRegions = try fields.value(.disabledRegions, or: [])
    allowedSkew = try fields.value(.allowedSkew, or: allowedSkew)
    iamPageSize = try fields.value(.iamPageSize, or: iamPageSize)
    bucketPageSize = try fields.value(.bucketPageSize, or: bucketPageSize)
    machineRole = try fields.decodeIfPresent(String.self, forKey: .machineRole)
  }
}

// MARK: - Changes

extension Account {
  /// Changes the user in place, if there is one.
  mutating func update(user name: String, _ change: (inout User) -> Void) {
    guard let place = users.firstIndex(where: { $0.name == name }) else { return }
    change(&users[place])
  }

  package mutating func update(role name: String, _ change: (inout Role) -> Void) {
    guard let place = roles.firstIndex(where: { $0.name == name }) else { return }
    change(&roles[place])
  }

  subscript(roleNamed name: String) -> Role? { roles.first { $0.name == name } }
}

// MARK: - Identity

extension Account {
  /// The ARN that GetCallerIdentity and AWS's messages use; nil if the user or role is gone.
  func arn(of identity: Identity) -> String? {
    switch identity {
    case .user(let name): self[user: name].map(arn(of:))
    case .role(let arn, let session): self[role: arn].map { assumedRoleARN($0, session: session) }
    case .federated(_, let name): "arn:\(partition):sts::\(id):federated-user/\(name)"
    }
  }

  /// `AIDA…`, or `AROA…:session-name`; the same at every start.
  func uniqueID(of identity: Identity) -> String {
    switch identity {
    case .user(let name): "AIDA" + Self.stableID(name)
    case .role(let arn, let session): "AROA" + Self.stableID(arn) + ":" + session
    case .federated(_, let name): "\(id):\(name)"
    }
  }

  func accountID(of identity: Identity) -> String {
    switch identity {
    case .user, .federated: id
    case .role(let arn, _): Self.accountID(ofARN: arn) ?? id
    }
  }

  private func assumedRoleARN(_ role: Role, session: String) -> String {
    "arn:\(partition):sts::\(Self.accountID(ofARN: role.arn) ?? id):assumed-role/\(role.name)/\(session)"
  }

  private static func accountID(ofARN arn: String) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 4 ? String(parts[4]) : nil
  }

  private static func stableID(_ name: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    return String(SHA256.hash(data: Array(name.utf8)).prefix(17).map { alphabet[Int($0 & 31)] })
  }
}

// MARK: - Lookup

extension Account {
  package subscript(user name: String) -> User? {
    get { users.first { $0.name == name } }
    set {
      users.removeAll { $0.name == name }
      users += newValue.map { [$0] } ?? []
    }
  }

  package subscript(role arn: String) -> Role? {
    get { roles.first { $0.arn == arn } }
    set {
      roles.removeAll { $0.arn == arn }
      roles += newValue.map { [$0] } ?? []
    }
  }

  func owner(ofKey id: String) -> (user: User, key: AccessKey)? {
    for user in users {
      if let key = user.keys.first(where: { $0.id == id }) { return (user, key) }
    }
    return nil
  }

  func device(_ serial: String) -> VirtualMFADevice? {
    (users.flatMap(\.mfaDevices) + unassignedMFADevices).first { $0.serial == serial }
  }

  package func arn(of user: User) -> String { "arn:\(partition):iam::\(id):user\(user.path)\(user.name)" }

  package func roleARN(_ name: String) -> String { "arn:\(partition):iam::\(id):role/\(name)" }

  var rootARN: String { "arn:\(partition):iam::\(id):root" }
}

extension Account {
  /// Reads the format of `aws-double --state`; dates as `2026-01-01T00:00:00Z`.
  package init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    self = try decoder.decode(Account.self, from: json)
  }
}

// MARK: - Strict decoding

/// Any text as a coding key, to see which keys a document has.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The document's fields; one that is not in `Key` is an error, because a mistyped flag would silently change nothing.
  func fields<Key: CodingKey & CaseIterable>(_ type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let known = Set(Key.allCases.map(\.stringValue))
    let unknown = try container(keyedBy: AnyKey.self).allKeys.filter { !known.contains($0.stringValue) }
    if let first = unknown.first {
      let why = "unknown field '\(first.stringValue)'"
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath + [first], debugDescription: why))
    }
    return try container(keyedBy: type)
  }
}

extension KeyedDecodingContainer {
  func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback
  }
}

// MARK: - Bucket

/// An S3 bucket, as ListBuckets shows it.
package struct Bucket: Decodable, Sendable {
  package var name: String
  package var created = Date(timeIntervalSince1970: 1_767_225_600)
  package var region = "us-east-1"

  package init(_ name: String, created: Date = Date(timeIntervalSince1970: 1_767_225_600)) {
    (self.name, self.created) = (name, created)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case name, created, region }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    name = try fields.decode(String.self, forKey: .name)
    created = try fields.value(.created, or: created)
    region = try fields.value(.region, or: region)
  }
}

// MARK: - Propagation

/// How long the rest of AWS takes to see new users, keys, roles and policies: both have to pass.
package struct Propagation: Decodable, Sendable {
  package var seconds = 0.0
  /// Calls of any kind.
  package var calls = 0

  package init(seconds: Double = 0, calls: Int = 0) { (self.seconds, self.calls) = (seconds, calls) }

  enum CodingKeys: String, CodingKey, CaseIterable { case seconds, calls }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    seconds = try fields.value(.seconds, or: 0)
    calls = try fields.value(.calls, or: 0)
  }
}

/// When the rest of AWS begins to see a change in IAM: after a time, and after a number of calls.
package struct Visibility: Sendable {
  let time: Date
  let call: Int
}
