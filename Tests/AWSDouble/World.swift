import FoundationEssentials

/// Everything that a call can see or change.
struct World: Sendable {
  var account: Account
  var clock = DoubleClock.offset(0)
  var sessions: [String: IssuedSession] = [:]
  var codes = CodeBook()
  var faults = FaultQueue()
  var calls: [RecordedCall] = []
  /// All calls that ever came, also those that were forgotten.
  var callCount = 0
  /// How often the answers that a `delay` held back were released.
  var releases = 0
  var propagation = Propagation()
  var identityCenter = IdentityCenter()
  var consoleSignIn = ConsoleSignIn()
  /// Web identity tokens that were made.
  var tokens: Set<String> = []

  var now: Date { clock.now }

  /// Verifies the call, carries it out and gives the elements of its result.
  mutating func perform(_ operation: Operation, of request: WireRequest) throws(Refusal) -> [XMLElement] {
    if operation.action == .assumeRoleWithWebIdentity {
      return try assumeRoleWithWebIdentity(operation.parameters, of: request)
    }
    let caller = try caller(of: request, for: operation.service)
    switch operation.action {
    case .getSessionToken: return try getSessionToken(operation.parameters, as: caller)
    case .assumeRole: return try assumeRole(operation.parameters, as: caller)
    case .getFederationToken: return try getFederationToken(operation.parameters, as: caller)
    case .getCallerIdentity: return try getCallerIdentity(operation.parameters, as: caller)
    case .listBuckets: return try listBuckets(operation.parameters, as: caller)
    case let action:
      guard let carryOut = Self.iamCalls[action] else { throw .invalidAction(action.rawValue, version: "") }
      return try carryOut(&self, operation.parameters, caller)
    }
  }

  typealias IAMCall = @Sendable (inout World, Parameters, Caller) throws(Refusal) -> [XMLElement]

  static let iamCalls = [userCalls, tagCalls, keyCalls, deviceCalls, deviceListCalls, roleCalls, policyCalls]
    .reduce(into: [:]) { all, calls in all.merge(calls) { first, _ in first } }

  mutating func caller(of request: WireRequest, for service: Service) throws(Refusal) -> Caller {
    let hidden = account.users.flatMap(\.keys).filter { !isVisible($0.visibility) }.map(\.id)
    let verifier = Verifier(account: account, sessions: sessions, now: now, hiddenKeys: Set(hidden))
    let caller = try verifier.caller(of: request, for: service)
    noteUse(of: request, for: service)
    // AWS answers as if the token were wrong, rather than AccessDenied.
    if service == .iam && [.session, .federated].contains(caller.kind) { throw .invalidClientToken }
    return caller
  }
}

// MARK: - Reply

extension World {
  /// Answers one request, records it, and applies a scripted fault.
  mutating func reply(to request: WireRequest) -> Reply {
    if let response = machineReply(to: request) { return .answer(response) }
    if let reply = identityCenterReply(to: request) ?? consoleSignInReply(to: request) ?? federationReply(to: request) {
      return reply
    }
    callCount += 1
    let operation = Result { () throws(Refusal) in try Operation(request) }
    var call = record(of: request, operation)
    let action = Action(rawValue: call.action)
    let fault = faults.next(for: action)
    call.fault = fault?.name
    defer { calls.append(call) }
    if let instead = fault.flatMap({ reply(to: request, with: $0, for: call.service) }) { return instead }
    let response = answer(to: request, operation, outcome: &call.outcome)
    return dated(response, with: fault)
  }

  private mutating func answer(
    to request: WireRequest, _ operation: Result<Operation, Refusal>, outcome: inout String
  ) -> WireResponse {
    do throws(Refusal) {
      let operation = try operation.get()
      let elements = try perform(operation, of: request)
      outcome = "ok"
      return .result(of: operation.action, elements)
    } catch {
      outcome = error.code
      return .refusal(error, for: Service(of: request, operation))
    }
  }

  /// The answer with its `Date`, damaged if a fault says so.
  private func dated(_ response: WireResponse, with fault: Fault?) -> Reply {
    switch fault {
    case .cut: .cut(dated(response))
    case .delay: .held(dated(response), release: releases + 1)
    case .closeAfterActing: .close
    case .wrongDate(let seconds): .answer(dated(response, ahead: seconds))
    case nil, .pass, .throttle, .serverError, .unavailable, .busy, .hang, .close, .garbage, .huge, .redirect, .refuse,
      .answer:
      .answer(dated(response))
    }
  }

  func dated(_ response: WireResponse, ahead seconds: Int = 0) -> WireResponse {
    var response = response
    response.headers.append(("Date", Timestamp.http(now + Double(seconds))))
    return response
  }
}

// MARK: - Authorization

extension World {
  /// Throws `AccessDenied` in AWS's words unless the caller's policies allow `action`, such as `s3:ListAllMyBuckets`.
  func authorize(_ caller: Caller, to action: String, on resource: String? = nil) throws(Refusal) {
    try checkScope(of: caller, action, resource)
    guard let policy = policy(of: caller.identity) else {
      return try account.authorize(caller, to: action, on: resource)
    }
    guard policy.allows(action, on: resource ?? "arn:aws:s3:::", PolicyContext(caller.kind)) else {
      throw account.denial(of: action, to: caller, on: resource)
    }
  }

  /// What a session may do is what its own policies allow as well.
  func checkScope(of caller: Caller, _ action: String, _ resource: String?) throws(Refusal) {
    guard let policy = caller.scope.policy,
      !policy.allows(action, on: resource ?? "arn:aws:s3:::", PolicyContext(caller.kind))
    else { return }
    let who = account.arn(of: caller.identity) ?? ""
    throw .accessDenied(
      "User: \(who) is not authorized to perform: \(action) because no session policy allows the \(action) action")
  }

  /// The visible policies of a caller who is governed by them alone; nil for the others.
  func policy(of identity: Identity) -> PolicyDocument? {
    switch identity {
    case .user(let name), .federated(let name, _):
      guard let user = account[user: name], user.isGovernedByPolicies else { return nil }
      return union(user.policies)
    case .role(let arn, _):
      guard let role = account[role: arn], role.trustPolicy != nil else { return nil }
      return union(role.policies)
    }
  }

  private func union(_ policies: [String: InlinePolicy]) -> PolicyDocument {
    PolicyDocument(policies.values.filter { isVisible($0.visibility) }.flatMap(\.document.statements))
  }
}

// MARK: - Visibility

extension World {
  /// When what is made or changed now will be seen.
  var nextVisibility: Visibility {
    Visibility(time: now + propagation.seconds, call: callCount + propagation.calls)
  }

  func isVisible(_ visibility: Visibility?) -> Bool {
    visibility.map { now >= $0.time && callCount > $0.call } ?? true
  }

  /// Records what GetAccessKeyLastUsed reports of the key that signed.
  mutating func noteUse(of request: WireRequest, for service: Service) {
    guard let authorization = request["authorization"].flatMap({ Authorization($0) }),
      let (user, key) = account.owner(ofKey: authorization.accessKeyID),
      let place = user.keys.firstIndex(where: { $0.id == key.id })
    else { return }
    let use = KeyUse(date: now, service: service, region: authorization.scope.region)
    account.update(user: user.name) { $0.keys[place].lastUse = use }
  }
}

// MARK: - Double clock

/// The double's idea of the time.
package enum DoubleClock: Equatable, Sendable {
  /// Seconds ahead of this machine's clock.
  case offset(TimeInterval)
  case fixed(Date)

  var now: Date {
    switch self {
    case .offset(let seconds): Date(timeIntervalSinceNow: seconds)
    case .fixed(let time): time
    }
  }

  package func advanced(by seconds: TimeInterval) -> DoubleClock {
    switch self {
    case .offset(let offset): .offset(offset + seconds)
    case .fixed(let time): .fixed(time + seconds)
    }
  }
}
