import FoundationEssentials

/// Everything that a call can see or change.
struct World: Sendable {
  var account: Account
  var clock = DoubleClock.offset(0)
  var sessions: [String: IssuedSession] = [:]
  var codes = CodeBook()
  var faults = FaultQueue()
  var calls: [RecordedCall] = []
  /// Calls that ever came, also those that were forgotten.
  var callCount = 0
  var propagation = Propagation()

  var now: Date { clock.now }

  /// Verifies the call, carries it out and gives the elements of its result.
  mutating func perform(_ operation: Operation, of request: WireRequest) throws(Refusal) -> [XMLElement] {
    let caller = try caller(of: request, for: operation.service)
    switch operation.action {
    case .getSessionToken: return try getSessionToken(operation.parameters, as: caller)
    case .assumeRole: return try assumeRole(operation.parameters, as: caller)
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
    if service == .iam && caller.kind == .session { throw .invalidClientToken }
    return caller
  }
}
