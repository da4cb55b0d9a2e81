import FoundationEssentials

/// What narrows a session, as AssumeRole and GetFederationToken take it: within the limits of STS's model, and nothing
/// that the double does not understand.
struct SessionScope: Sendable {
  /// Nil if the session may do all that its role or user may.
  private(set) var policy: PolicyDocument?
  private(set) var tags: [String: String] = [:]
  private(set) var transitiveTagKeys: [String] = []
  private(set) var sourceIdentity: String?
  /// The size of it all, in percent of what AWS allows.
  private(set) var packedSize: Int?

  init() {}

  init(_ parameters: Parameters) throws(Refusal) {
    let text = parameters["Policy"]
    let arns = try parameters.members("PolicyArns", ["arn"], most: 10).map { $0["arn"] ?? "" }
    try readTags(parameters)
    transitiveTagKeys = try parameters.members("TransitiveTagKeys", [""], most: 50).map { $0[""] ?? "" }
    sourceIdentity = try parameters.text("SourceIdentity", 2...64, others: "+=,.@-")
    let unknown = transitiveTagKeys.filter { key in !tags.keys.contains { $0.lowercased() == key.lowercased() } }
    if let key = unknown.first { throw .validation("the double knows no tag \(key) that would be inherited") }
    guard text != nil || !arns.isEmpty else { return }
    var statements: [PolicyStatement] = []
    if let text { statements += try Self.inline(text).statements }
    for arn in arns { statements += try Self.managed(arn) }
    policy = PolicyDocument(statements)
    packedSize = (text ?? "").utf8.count * 100 / 4096 + arns.count
  }

  /// The names that a call may have.
  static func parameters(in parameters: Parameters) -> Set<String> {
    let lists = ["PolicyArns.member.", "Tags.member.", "TransitiveTagKeys.member."]
    let names = parameters.values.keys.filter { name in lists.contains { name.hasPrefix($0) } }
    return Set(names).union(["Policy", "SourceIdentity"])
  }

  private mutating func readTags(_ parameters: Parameters) throws(Refusal) {
    for member in try parameters.members("Tags", ["Key", "Value"], most: 50) {
      let (key, value) = (member["Key"] ?? "", member["Value"] ?? "")
      guard (1...128).contains(key.count), value.count <= 256, !key.lowercased().hasPrefix("aws:") else {
        throw .constraint(key, at: "tags", "satisfy constraint: a key of 1 to 128 characters, not of aws:")
      }
      guard !tags.keys.contains(where: { $0.lowercased() == key.lowercased() }) else {
        throw Refusal(
          400, "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
      }
      tags[key] = value
    }
  }

  private static func inline(_ text: String) throws(Refusal) -> PolicyDocument {
    let isPlain = text.unicodeScalars.allSatisfy {
      [0x09, 0x0a, 0x0d].contains($0.value) || (0x20...0xff).contains($0.value)
    }
    guard isPlain, !text.isEmpty else { throw .constraint(text, at: "policy", "satisfy regular expression pattern") }
    guard text.utf8.count <= 4_096 else {
      throw Refusal(
        400, "PackedPolicyTooLarge",
        "Packed policy consumes \(text.utf8.count * 100 / 4_096)% of allotted space, please use smaller policy.")
    }
    return try PolicyDocument(text, as: .identity)
  }

  /// Of the policies that AWS has, those that the tests need, with the actions that the double knows.
  private static func managed(_ arn: String) throws(Refusal) -> [PolicyStatement] {
    let name = arn.split(separator: ":").last.map(String.init) ?? ""
    let reading = ["iam:Get*", "iam:List*", "sts:Get*", "s3:List*"]
    guard arn.hasPrefix("arn:aws:iam::aws:policy/") || arn.hasPrefix("arn:aws-cn:iam::aws:policy/") else {
      throw .validation("the double has no policy \(arn)")
    }
    let known = [
      "policy/ReadOnlyAccess": reading + ["s3:Get*"], "policy/job-function/ViewOnlyAccess": reading,
      "policy/AdministratorAccess": ["*"],
    ]
    guard let actions = known[name] else { throw .validation("the double has no policy \(arn)") }
    return [PolicyStatement(effect: .allow, actions: actions, resources: ["*"])]
  }
}

extension Parameters {
  /// The members of a list, numbered from 1 without gaps, each with all its parts and no others.
  fileprivate func members(_ list: String, _ parts: Set<String>, most: Int) throws(Refusal) -> [[String: String]] {
    var members: [Int: [String: String]] = [:]
    for (name, value) in values where name.hasPrefix("\(list).member.") {
      let words = name.dropFirst("\(list).member.".count).split(separator: ".", maxSplits: 1)
      let part = words.count == 2 ? String(words[1]) : ""
      guard let number = words.first.flatMap({ Int($0) }), parts.contains(part) else {
        throw .validation("the double does not know the parameter \(name) of this call")
      }
      members[number, default: [:]][part] = value
    }
    guard members.keys.sorted() == Array(1..<(members.count + 1)), members.values.allSatisfy({ Set($0.keys) == parts })
    else { throw .validation("the members of \(list) are not numbered from 1, or lack a part") }
    guard members.count <= most else {
      throw .constraint("\(members.count)", at: list, "have length less than or equal to \(most)")
    }
    return members.sorted { $0.key < $1.key }.map(\.value)
  }
}

// MARK: - GetFederationToken

extension World {
  mutating func getFederationToken(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(
      SessionScope.parameters(in: parameters).union(["Action", "Version", "Name", "DurationSeconds"])
        .subtracting(["SourceIdentity"]))
    guard case .longTerm = caller.kind, case .user(let user) = caller.identity else {
      throw .accessDenied("Cannot call GetFederationToken with session credentials")
    }
    let name = try parameters.required(parameters.text("Name", 2...32, others: "+=,.@-"), "Name")
    let duration = try parameters.integer("DurationSeconds", in: 900...129_600, default: 43_200)
    var scope = try SessionScope(parameters)
    guard scope.transitiveTagKeys.isEmpty else { throw .validation("GetFederationToken has no TransitiveTagKeys") }
    // Without a policy it may do nothing.
    scope.forbidEverythingWithoutPolicy()
    try account.authorize(caller, to: "sts:GetFederationToken")
    let identity = Identity.federated(user: user, name: name)
    let credentials = issue(for: identity, kind: .federated, seconds: duration, scope: scope)
    let federated = XMLElement(
      "FederatedUser",
      [
        XMLElement("FederatedUserId", "\(account.id):\(name)"), XMLElement("Arn", account.arn(of: identity) ?? ""),
      ])
    return [credentials, federated] + scope.packedSizeElements
  }
}

extension SessionScope {
  fileprivate mutating func forbidEverythingWithoutPolicy() { policy = policy ?? PolicyDocument([]) }

  var packedSizeElements: [XMLElement] { packedSize.map { [XMLElement("PackedPolicySize", "\($0)")] } ?? [] }
}
