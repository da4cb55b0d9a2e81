internal import AWSValues
internal import Secrets

/// What options ask of a scope, as they were typed.
package struct ScopeRequest: Equatable, Sendable {
  package var presets: [ScopePreset] = []
  package var services: String?
  /// The bytes of a file.
  package var policy: [UInt8]?
  package var policies: [String] = []
  package var tags: [String] = []
  package var transitiveTags: [String] = []
  package var sourceIdentity: String?
  /// The setting that holds the options; nil for those of the command line.
  var origin: Origin?

  package init() {}

  fileprivate func origin(of option: String) -> Origin { origin ?? .option(option) }
}

/// AWS's own policies for those who only look.
package enum ScopePreset: String, CaseIterable, Sendable {
  case readOnly = "read-only"
  case viewOnly = "view-only"

  fileprivate var policy: String {
    switch self {
    case .readOnly: "ReadOnlyAccess"
    case .viewOnly: "job-function/ViewOnlyAccess"
    }
  }
}

// MARK: - Permissions

/// The policies of a scope, and what asks for them.
struct ScopedPermissions {
  let form: Form
  let origin: Origin

  enum Form: Equatable {
    case preset(ScopePreset)
    case services([String])
    /// The actions of these services that only read, judging by their names.
    case readingServices([String])
    case policies(SessionPolicy?, [String])
  }

  /// Nil if nothing asks for any.
  ///
  /// - Throws: if two ask for different things: AWS allows what any of a session's policies allows, so that two would be
  ///   wider than each.
  init?(_ requests: [ScopeRequest], of profiles: [Profile]) throws(PlanError) {
    var asked: [(Form, Origin)] = []
    for request in requests.reversed() { asked += try Self.options(request) }
    for profile in profiles {
      guard let preset = profile.value(of: .daypassScope) else { continue }
      asked.append((.preset(try preset.parsed { ScopePreset(rawValue: $0) }), preset.origin))
    }
    guard let first = asked.first else { return nil }
    var form = first.0
    for (other, otherOrigin) in asked.dropFirst() where other != form {
      guard [form, other].contains(.preset(.readOnly)), let names = form.services ?? other.services else {
        throw .scope(.conflict(first.1, otherOrigin))
      }
      form = .readingServices(names)
    }
    self.form = form
    origin = first.1
  }

  private static func options(_ request: ScopeRequest) throws(PlanError) -> [(Form, Origin)] {
    var asked: [(Form, Origin)] = request.presets.map { (.preset($0), request.origin(of: "--\($0.rawValue)")) }
    if let services = request.services {
      let origin = request.origin(of: "--service")
      asked.append((.services(try serviceNames(services, origin)), origin))
    }
    let document = try request.policy.map { (bytes) throws(PlanError) in try SessionPolicy(bytes) }
    guard document != nil || !request.policies.isEmpty else { return asked }
    let option = request.origin(of: document == nil ? "--policy-arn" : "--policy")
    guard request.policies.count <= SessionScope.mostPolicies else {
      throw .scope(.tooMany(request.policies.count, limit: SessionScope.mostPolicies, of: option))
    }
    return asked + [(.policies(document, request.policies), option)]
  }

  /// The prefixes of actions: `s3,sts`.
  private static func serviceNames(_ text: String, _ origin: Origin) throws(PlanError) -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names {
      let isName = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0.isDigit || $0 == 0x2d }
      guard (2...40).contains(name.utf8.count), isName else { throw .invalidValue(name, of: origin) }
    }
    return Set(names).sorted()
  }

  /// Adds the policies to `scope`, those of AWS in `partition`.
  func add(to scope: inout SessionScope, partition: String) throws(PlanError) {
    switch form {
    case .preset(let preset):
      scope.policyARNs = try [arn(of: preset.policy, partition)]
      scope.name = preset.rawValue
    case .services(let names):
      scope.policy = SessionPolicy(allowing: names.map { "\($0):*" })
      scope.name = names.joined(separator: ",")
    case .readingServices(let names):
      let verbs = ["Get*", "List*", "Describe*", "BatchGet*", "Head*"]
      scope.policy = SessionPolicy(allowing: names.flatMap { name in verbs.map { "\(name):\($0)" } })
      scope.name = "read-only:" + names.joined(separator: ",")
    case .policies(let document, let names):
      scope.policy = document
      var arns: [PolicyARN] = []
      for name in names { arns.append(try arn(of: name, partition)) }
      scope.policyARNs = arns.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
      scope.name = "policy"
    }
  }

  /// A name without a colon is one of AWS's.
  private func arn(of name: String, _ partition: String) throws(PlanError) -> PolicyARN {
    let text = name.contains(":") ? name : "arn:\(partition):iam::aws:policy/\(name)"
    guard let arn = PolicyARN(text) else { throw .invalidValue(name, of: origin) }
    return arn
  }
}

extension ScopedPermissions.Form {
  fileprivate var services: [String]? {
    switch self {
    case .services(let names), .readingServices(let names): names
    case .preset, .policies: nil
    }
  }
}

// MARK: - Tags and source identity

/// What a role's profile, or a variable or an option in its place, says of tags and source identity.
struct ScopedIdentity {
  private(set) var tags: [SessionTag] = []
  private(set) var transitiveTagKeys: [String] = []
  private(set) var sourceIdentity: SourceIdentity?
  /// What says so.
  private(set) var origins = Origins()

  /// The identity of a session made with a key alone, to which only requests apply.
  init(_ requests: [ScopeRequest]) throws(PlanError) { try add(requests, [:]) }

  /// - Parameter profile: a profile that assumes a role.
  init(of profile: Profile) throws(PlanError) {
    try read { profile.value(of: $0) }
  }

  /// Takes in what counts for the role that is asked for: variables of aws-vault, then options.
  mutating func add(_ requests: [ScopeRequest], _ environment: [String: String]) throws(PlanError) {
    try read { SettingValue(variableBefore: $0, in: environment) }
    for request in requests { try add(request) }
    guard tags.count <= SessionScope.mostTags else {
      let origin = origins[.sessionTags] ?? .option("--tag")
      throw .scope(.tooMany(tags.count, limit: SessionScope.mostTags, of: origin))
    }
  }

  private mutating func add(_ request: ScopeRequest) throws(PlanError) {
    let option = request.origin(of: "--tag")
    for text in request.tags { try add(text, option) }
    if request.tags.count != Set(request.tags.map(Self.key)).count { throw .scope(.repeatedTag(of: option)) }
    if !request.tags.isEmpty { origins.add(.sessionTags, option) }
    let transitive = request.origin(of: "--transitive-tag")
    for key in request.transitiveTags { try add(transitiveKey: key, transitive) }
    if !request.transitiveTags.isEmpty { origins.add(.transitiveSessionTags, transitive) }
    if let text = request.sourceIdentity { try set(text, request.origin(of: "--source-identity")) }
  }

  var sortedTags: [SessionTag] { tags.sorted { $0.key.lowercased() < $1.key.lowercased() } }

  func add(to scope: inout SessionScope) {
    scope.tags = sortedTags
    scope.transitiveTagKeys = transitiveTagKeys.sorted()
    scope.sourceIdentity = sourceIdentity
  }

  private static func key(_ text: String) -> String { text.prefix { $0 != "=" }.lowercased() }

  private mutating func read(_ value: (Setting) -> SettingValue?) throws(PlanError) {
    if let list = value(.sessionTags) {
      tags = []
      for text in Self.elements(list.text) { try add(text, list.origin) }
      guard tags.count == Self.elements(list.text).count else { throw .scope(.repeatedTag(of: list.origin)) }
      origins.replace(.sessionTags, list.origin)
    }
    if let list = value(.transitiveSessionTags) {
      transitiveTagKeys = []
      for key in Self.elements(list.text) { try add(transitiveKey: key, list.origin) }
      origins.replace(.transitiveSessionTags, list.origin)
    }
    if let identity = value(.sourceIdentity) { try set(identity.text, identity.origin) }
  }

  private static func elements(_ text: String) -> [String] { text.split(separator: ",").map(\.trimmed) }

  /// One with the same key, in whatever case, is replaced.
  private mutating func add(_ text: String, _ origin: Origin) throws(PlanError) {
    guard let tag = SessionTag(text) else { throw .invalidValue(text, of: origin) }
    tags.removeAll { $0.key.lowercased() == tag.key.lowercased() }
    tags.append(tag)
  }

  private mutating func add(transitiveKey key: String, _ origin: Origin) throws(PlanError) {
    guard SessionTag.isKey(key) else { throw .invalidValue(key, of: origin) }
    if !transitiveTagKeys.contains(key) { transitiveTagKeys.append(key) }
  }

  private mutating func set(_ text: String, _ origin: Origin) throws(PlanError) {
    guard let identity = SourceIdentity(text) else { throw .invalidValue(text, of: origin) }
    sourceIdentity = identity
    origins.replace(.sourceIdentity, origin)
  }
}

extension ScopeRequest {
  /// The option that asks for what only a role's session can have; nil if none does.
  fileprivate var originOfIdentity: Origin? {
    if !transitiveTags.isEmpty { return origin(of: "--transitive-tag") }
    return sourceIdentity == nil ? nil : origin(of: "--source-identity")
  }
}

extension [ScopeRequest] {
  /// Nil if none asks for tags.
  var originOfTags: Origin? { last { !$0.tags.isEmpty }?.origin(of: "--tag") }
}

extension CredentialPlan.Source {
  /// Narrows what the source gives, if no role is assumed with it.
  mutating func narrow(by permissions: ScopedPermissions?, _ requests: [ScopeRequest]) throws(PlanError) {
    let ofTags = requests.originOfTags
    let ofIdentity = requests.reversed().lazy.compactMap(\.originOfIdentity).first
    switch self {
    case .longTermKey:
      // A session of GetFederationToken may do nothing without a policy.
      if let origin = ofIdentity ?? (permissions == nil ? ofTags : nil) {
        throw .scope(.cannotNarrow(origin, source: nil))
      }
    case .webIdentity(var identity):
      // Its tags are in the token.
      if let origin = ofIdentity ?? ofTags {
        throw .scope(.cannotNarrow(origin, source: identity.origin))
      }
      try permissions?.add(to: &identity.role.scope, partition: identity.role.role.partition)
      identity.role.origins.add(.daypassScope, permissions?.origin)
      self = .webIdentity(identity)
    case .identityCenter, .login, .process, .environment, .container, .instance:
      guard let asked = permissions?.origin ?? ofIdentity ?? ofTags else { return }
      throw .scope(.cannotNarrow(asked, source: origin))
    }
  }
}

// MARK: - Session policy

/// What is wrong with a policy for a session.
package enum PolicyFault: Equatable, Sendable {
  /// It is no JSON object; its first mistake is here.
  case notJSON(line: Int, column: Int)
  case noStatement
  /// A character that AWS accepts in no session policy.
  case character(Unicode.Scalar, line: Int, column: Int)
}

extension SessionPolicy {
  /// Reads the policy to send, and drops white space between words.
  init(_ bytes: [UInt8]) throws(PlanError) {
    let option = Origin.option("--policy")
    func fail(_ fault: PolicyFault) -> PlanError { .scope(.invalidPolicy(fault, of: option)) }
    let document: SecretDocument
    do throws(JSONError) {
      document = try SecretDocument(json: SecretBytes(copying: bytes.span))
    } catch {
      var offset = 0
      if case .notWellFormed(let place) = error { offset = place }
      let (line, column) = Self.place(of: offset, in: bytes)
      throw fail(.notJSON(line: line, column: column))
    }
    let root = SecretDocument.root
    guard document.kind(of: root) == .object else { throw fail(.notJSON(line: 1, column: 1)) }
    guard !document.elements(at: "Statement").isEmpty else { throw fail(.noStatement) }
    var offset = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      guard Self.allows(scalar) else {
        let (line, column) = Self.place(of: offset, in: bytes)
        throw fail(.character(scalar, line: line, column: column))
      }
      offset += UTF8.width(scalar)
    }
    self.init(text: Self.minified(bytes), canonical: document.canonicalJSON(of: root))
  }

  /// Tab, line ends, and all from the blank to U+00FF.
  private static func allows(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d, 0x20...0xff: true
    default: false
    }
  }

  /// Counted from 1, in bytes.
  private static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let before = bytes.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    return (line, offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1)
  }

  private static func minified(_ bytes: [UInt8]) -> String {
    var (isString, isEscaped) = (false, false)
    let kept = bytes.filter { byte in
      defer { isEscaped = isString && byte == UInt8(ascii: "\\") && !isEscaped }
      if byte == UInt8(ascii: "\""), !isEscaped { isString.toggle() }
      return isString || ![0x20, 0x09, 0x0a, 0x0d].contains(byte)
    }
    return String(decoding: kept, as: UTF8.self)
  }
}

extension SecretDocument {
  /// With members in the order of their names.
  fileprivate func canonicalJSON(of place: Place) -> String {
    switch kind(of: place) {
    case .text: return text(at: place).jsonString
    case .number, .boolean: return text(at: place)
    case .null: return "null"
    case .array: return "[" + children(of: place).map { canonicalJSON(of: $0) }.joined(separator: ",") + "]"
    case .object:
      let members = children(of: place).map { (name(of: $0), canonicalJSON(of: $0)) }.sorted { $0.0 < $1.0 }
      return "{" + members.map { "\($0.0.jsonString):\($0.1)" }.joined(separator: ",") + "}"
    }
  }
}
