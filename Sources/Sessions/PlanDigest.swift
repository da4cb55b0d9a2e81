package import AWSServices
package import AWSValues
internal import Hashing
package import Profiles

/// Names the session of a plan in the cache: a SHA-256 over everything that was asked for, so that editing a role, a
/// duration, a device, a region or an endpoint never serves a session made for something else.
///
/// A session token is good for a whole partition, so its digest leaves the region out: profiles in several regions share
/// one MFA session.
package struct PlanDigest: Equatable, Sendable {
  /// 64 hexadecimal digits.
  package let text: String

  /// - Parameter identity: what the source says of whose credentials it gives, if the plan does not.
  package init(of plan: CredentialPlan, stsEndpoint: STSEndpointIdentity, identity: [String] = []) {
    text = Digest.hex(ofFields: Self.fields(of: plan, stsEndpoint: stsEndpoint) + identity)
  }

  /// Where the plan's STS calls go.
  package struct STSEndpointIdentity: Equatable, Sendable {
    package var partition: String
    package var region: String
    /// The origin of an endpoint the user named; nil for AWS's own.
    package var endpoint: String?
  }

  private static func fields(of plan: CredentialPlan, stsEndpoint: STSEndpointIdentity) -> [String] {
    let place = ["partition", stsEndpoint.partition, "endpoint", stsEndpoint.endpoint ?? ""]
    return ["daypass-session-2"] + fields(of: plan.source, stsEndpoint) + place
      + plan.steps.flatMap { fields(of: $0, region: stsEndpoint.region) }
  }

  /// Its kind, and everything that decides whose credentials it gives.
  private static func fields(of source: CredentialPlan.Source, _ place: STSEndpointIdentity) -> [String] {
    let details: [String] =
      switch source {
      case .longTermKey, .login, .environment, .container: []
      case .identityCenter(let role):
        [role.session.startURL, role.session.region, role.account, role.role] + role.session.scopes
      case .webIdentity(let identity):
        fields(of: identity.token) + fields(of: .assumeRole(identity.role), region: place.region)
      case .process(let process): process.words
      case .instance(let instance): [instance.endpoint ?? "", instance.mode.rawValue]
      }
    return [source.name.kind.rawValue, source.name.name] + details
  }

  private static func fields(of token: CredentialPlan.TokenSource) -> [String] {
    switch token {
    case .file: ["file"]
    case .program(let words): ["program", String(words.count)] + words
    }
  }

  private static func fields(of step: CredentialPlan.Step, region: String) -> [String] {
    switch step {
    case .sessionToken(let step):
      ["session-token", String(step.duration.seconds), step.device?.text ?? ""]
    case .assumeRole(let step):
      [
        "assume-role", step.role.text, step.sessionName.text, step.externalID?.text ?? "",
        String(step.duration.seconds), step.device?.text ?? "", region,
      ] + fields(of: step.scope)
    case .federationToken(let step):
      ["federation-token", step.name.text, String(step.duration.seconds)] + fields(of: step.scope)
    }
  }

  /// Nothing for sessions with all permissions of their role, so that sessions cached by earlier versions are still found.
  private static func fields(of scope: SessionScope) -> [String] {
    guard !scope.isEmpty else { return [] }
    let lists = [
      scope.policyARNs.map(\.text), scope.tags.flatMap { [$0.key, $0.value] }, scope.transitiveTagKeys,
    ]
    return ["scope", scope.policy?.canonical ?? "", scope.sourceIdentity?.text ?? ""]
      + lists.flatMap { [String($0.count)] + $0 }
  }
}

extension Digest {
  /// A SHA-256 in hexadecimal over texts with their lengths, so that different lists of texts have different digests.
  static func hex(ofFields fields: [String]) -> String {
    var hash = SHA256()
    for field in fields { hash.append("\(field.utf8.count):\(field)".utf8.span) }
    return hex(hash.finish())
  }
}

extension PlanDigest.STSEndpointIdentity {
  /// Where the STS calls of a connection go.
  package init(of connection: Connection) throws(EndpointError) {
    let endpoint = try Endpoint(.sts, of: connection)
    let isCustom = connection.endpoints[.sts] != nil
    self.init(
      partition: Partition(region: endpoint.signingRegion).id, region: connection.region ?? endpoint.signingRegion,
      endpoint: isCustom ? endpoint.url.text : nil)
  }
}
