import FoundationEssentials

/// Tells requests to the control API, `/_double/…`, from calls of AWS, and answers them.
struct ControlPanel: Sendable {
  static let prefix = "/_double/"
  let world: SharedWorld

  func reply(to request: WireRequest) -> Reply {
    guard request.path.hasPrefix(Self.prefix) else {
      return world.withLock { $0.reply(to: request) }
    }
    do {
      return try control(request)
    } catch {
      return .answer(WireResponse(400, type: "text/plain", "aws-double: \(error)\n"))
    }
  }

  private func control(_ request: WireRequest) throws -> Reply {
    switch "\(request.method) \(request.path.dropFirst(Self.prefix.count))" {
    case "GET calls": return try json(world.withLock { $0.calls })
    case "DELETE calls": return done { $0.calls = [] }
    case "GET state": return try json(world.withLock { StateSummary($0) })
    case "POST state": return try replaceAccount(request)
    case "POST faults": return try addFaults(request)
    case "DELETE faults": return done { $0.faults.clear() }
    case "POST clock": return try setClock(request)
    case "POST propagation": return try setPropagation(request)
    case "POST release": return done { $0.releases += 1 }
    case "GET code": return try code(request)
    case "GET approve": return try decide(request, approves: true)
    case "GET deny": return try decide(request, approves: false)
    default: return .answer(WireResponse(404, type: "text/plain", "aws-double: no such control\n"))
    }
  }

  func done(_ change: @Sendable (inout World) -> Void) -> Reply {
    world.withLock { change(&$0) }
    return .answer(WireResponse(204, type: "text/plain", ""))
  }

  private func json(_ value: some Encodable) throws -> Reply {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return .answer(WireResponse(200, type: "application/json", text + "\n"))
  }
}

// MARK: - Requests

extension ControlPanel {
  func replaceAccount(_ request: WireRequest) throws -> Reply {
    let account = try Account(json: Data(request.body))
    return done { $0.account = account }
  }

  func addFaults(_ request: WireRequest) throws -> Reply {
    let rules = try JSONDecoder().decode([FaultRule].self, from: Data(request.body))
    return done { $0.faults.add(rules) }
  }

  func setClock(_ request: WireRequest) throws -> Reply {
    let change = try ClockChange(json: Data(request.body))
    return done { $0.clock = change.applied(to: $0.clock) }
  }

  func setPropagation(_ request: WireRequest) throws -> Reply {
    let propagation = try JSONDecoder().decode(Propagation.self, from: Data(request.body))
    return done { $0.propagation = propagation }
  }

  /// What a person does who has typed the code of a device into Identity Center's page.
  func decide(_ request: WireRequest, approves: Bool) throws -> Reply {
    let code = try Parameters(form: request.query)["user_code"] ?? ""
    let isKnown = world.withLock { $0.decide(userCode: code, approves: approves) }
    return .answer(WireResponse(isKnown ? 204 : 404, type: "text/plain", ""))
  }

  /// Answers as soon as there is an unused code: at once, or when a new step begins.
  func code(_ request: WireRequest) throws -> Reply {
    let parameters = try Parameters(form: request.query)
    let (serial, step) = (parameters["serial"] ?? "", parameters["step"].flatMap { Int($0) })
    return world.withLock { world in
      guard let device = world.account.device(serial) else {
        return .answer(WireResponse(404, type: "text/plain", "aws-double: no such device\n"))
      }
      if let step, let code = world.codes.code(of: device, step: step, at: world.now) {
        return .answer(WireResponse(200, type: "text/plain", code + "\n"))
      }
      if let code = world.codes.unusedCode(of: device, at: world.now) {
        return .answer(WireResponse(200, type: "text/plain", code + "\n"))
      }
      return .later(seconds: 1)
    }
  }
}

// MARK: - Clock change

/// The body of `POST /_double/clock`: one of its fields.
struct ClockChange: Decodable {
  /// Seconds ahead of the machine's clock.
  var offset: Double?
  var fixed: Date?
  /// Seconds ahead of what it is now.
  var advance: Double?

  enum CodingKeys: String, CodingKey, CaseIterable { case offset, fixed, advance }

  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    self = try decoder.decode(ClockChange.self, from: json)
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    offset = try fields.decodeIfPresent(Double.self, forKey: .offset)
    fixed = try fields.decodeIfPresent(Date.self, forKey: .fixed)
    advance = try fields.decodeIfPresent(Double.self, forKey: .advance)
  }

  func applied(to clock: DoubleClock) -> DoubleClock {
    let start = fixed.map { DoubleClock.fixed($0) } ?? offset.map { .offset($0) } ?? clock
    return start.advanced(by: advance ?? 0)
  }
}

/// Issued credentials in `GET /_double/state`.
struct SessionSummary: Encodable {
  let kind: CredentialKind
  let principal: String?
  let expiration: Date
}

// MARK: - State summary

/// What `GET /_double/state` answers: names, ids and times, no secret, no seed, no token.
struct StateSummary: Encodable {
  let account: String
  let time: Date
  let users: [UserSummary]
  let roles: [String]
  let unassignedMFADevices: [String]
  let buckets: [String]
  let sessions: [SessionSummary]

  init(_ world: World) {
    account = world.account.id
    time = world.now
    users = world.account.users.map { UserSummary($0, arn: world.account.arn(of: $0)) }
    roles = world.account.roles.map(\.arn)
    unassignedMFADevices = world.account.unassignedMFADevices.map(\.serial)
    buckets = world.account.buckets.map(\.name)
    sessions = world.sessions.values.sorted { $0.expiration < $1.expiration }.map {
      SessionSummary(kind: $0.kind, principal: world.account.arn(of: $0.identity), expiration: $0.expiration)
    }
  }
}

// MARK: - User summary

/// A user in `GET /_double/state`.
struct UserSummary: Encodable {
  let arn: String
  /// Access key id to whether it is active.
  let keys: [String: Bool]
  let mfaDevices: [String]
  let policies: [String]

  init(_ user: User, arn: String) {
    self.arn = arn
    keys = Dictionary(user.keys.map { ($0.id, $0.isActive) }) { first, _ in first }
    mfaDevices = user.mfaDevices.map(\.serial)
    policies = user.policies.keys.sorted()
  }
}
