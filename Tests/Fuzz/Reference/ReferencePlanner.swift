import Profiles

/// The second opinion on `CredentialPlanner`: the rules of the AWS SDKs, rule by rule, over dictionaries.
struct ReferencePlanner {
  let graph: ProfileGraph
  let skipsSession: Bool
  /// `--duration`, in seconds.
  let duration: Int?

  /// Why there is no plan.
  enum Refusal: Error {
    case unknown, loop, unsupported, conflict, noSource, partialKey, invalid, duration
  }

  /// Where a plan starts, by the profile that says so.
  enum Start: Equatable {
    case key(String)
    case process(String)
    case webIdentity(String)
    /// What `credential_source` names.
    case machine(String)

    var words: String {
      switch self {
      case .key(let name): "key " + name
      case .process(let name): "process " + name
      case .webIdentity: "web-identity /token"
      case .machine("EcsContainer"): "container "
      case .machine("Ec2InstanceMetadata"): "instance "
      case .machine: "environment "
      }
    }
  }

  /// The plan for `name` in words, such as `key b`, `session 43200 a`, `role c 3600`; a device by its last letter.
  func plan(for name: String) throws(Refusal) -> [String] {
    let (start, roles) = try chain(from: name, after: [], isSource: false)
    switch start {
    case .key(let key): return try [start.words] + steps(fromKeyOf: key, roles)
    case .webIdentity(let name): try checkToken(of: name, isLast: roles.isEmpty)
    case .process, .machine: break
    }
    for role in roles where !isValid(role) || has(role, .mfaSerial) { throw .invalid }
    if case .process = start, roles.isEmpty, duration != nil { throw .duration }
    var steps = [start.words]
    for role in roles { steps.append("role \(role) \(min(try roleSeconds(role, isLast: role == roles.last), 3600))") }
    return steps
  }

  private func checkToken(of name: String, isLast: Bool) throws(Refusal) {
    guard has(name, .roleARN) else { throw .unsupported }
    guard isValid(name) else { throw .invalid }
    _ = try roleSeconds(name, isLast: isLast)
  }

  private func steps(fromKeyOf key: String, _ roles: [String]) throws(Refusal) -> [String] {
    if (self[key, .accessKeyID] == nil) != (self[key, .secretAccessKey] == nil) { throw .partialKey }
    for role in roles where !isValid(role) { throw .invalid }
    let device = (roles.prefix(1) + [key] + roles.dropFirst()).compactMap { self[$0, .mfaSerial]?.suffix(1) }.first
    return try steps(roles, device.map { " \($0)" } ?? "")
  }

  /// The start, and the profiles with the roles on the way to it, the nearest first.
  private func chain(
    from name: String, after visited: [String], isSource: Bool
  ) throws(Refusal) -> (start: Start, roles: [String]) {
    if visited.contains(name) { throw .loop }
    guard graph.profiles[name] != nil else { throw .unknown }
    let visited = visited + [name]
    if isSource, holdsKey(name) { return (.key(name), []) }
    if self[name, .roleARN] != nil { return try chainOfRole(name, visited) }
    if has(name, .webIdentityTokenFile) { return (.webIdentity(name), []) }
    return try chainWithoutRole(name, visited)
  }

  private func chainWithoutRole(
    _ name: String, _ visited: [String]
  ) throws(Refusal) -> (start: Start, roles: [String]) {
    if holdsKey(name) { return (.key(name), []) }
    guard let process = self[name, .credentialProcess] else {
      // A session without account and role.
      if has(name, .ssoSession) { throw .unsupported }
      return (.key(name), [])
    }
    guard let other = process.split(separator: " ").last, process.hasPrefix("daypass ") else {
      return (.process(name), [])
    }
    return other == name ? (.key(name), []) : try chain(from: String(other), after: visited, isSource: false)
  }

  private func chainOfRole(_ name: String, _ visited: [String]) throws(Refusal) -> (start: Start, roles: [String]) {
    let ways = [Setting.sourceProfile, .webIdentityTokenFile, .credentialSource].filter { has(name, $0) }
    if ways.count > 1 { throw .conflict }
    guard let way = ways.first else { throw .noSource }
    if way == .webIdentityTokenFile { return (.webIdentity(name), []) }
    guard let source = self[name, .sourceProfile] else {
      return (.machine(self[name, .credentialSource] ?? ""), [name])
    }
    if source == name, holdsKey(name) { return (.key(name), [name]) }
    let (start, roles) =
      source == name
      ? try chainWithoutRole(name, visited) : try chain(from: source, after: visited, isSource: true)
    return (start, roles + [name])
  }

  /// The table under "Sessions" in the product's description.
  private func steps(_ roles: [String], _ device: String) throws(Refusal) -> [String] {
    if roles.isEmpty { return try skipsSession ? [] : ["session \(keySeconds())" + device] }
    var seconds: [Int] = []
    for role in roles { try seconds.append(roleSeconds(role, isLast: role == roles.last)) }
    let isLong = roles.count == 1 && seconds[0] > 3600
    let hasSession = !skipsSession && !device.isEmpty && !isLong
    var steps = hasSession ? ["session 43200" + device] : []
    for (index, role) in roles.enumerated() {
      let length = roles.count == 1 ? seconds[index] : min(seconds[index], 3600)
      steps.append("role \(role) \(length)" + (hasSession || index > 0 ? "" : device))
    }
    return steps
  }

  private func keySeconds() throws(Refusal) -> Int {
    guard (900...129_600).contains(duration ?? 43200) else { throw .duration }
    return duration ?? 43200
  }

  private func roleSeconds(_ role: String, isLast: Bool) throws(Refusal) -> Int {
    let own = self[role, .durationSeconds].flatMap { Int($0) }
    let seconds = (isLast ? duration : nil) ?? own ?? 3600
    guard (900...43200).contains(seconds) else { throw .duration }
    return seconds
  }

  private func isValid(_ role: String) -> Bool {
    self[role, .roleARN]?.hasPrefix("arn:") == true && self[role, .durationSeconds] != "1h"
  }

  private func holdsKey(_ name: String) -> Bool { has(name, .accessKeyID) || has(name, .secretAccessKey) }
  private func has(_ name: String, _ setting: Setting) -> Bool { self[name, setting] != nil }
  private subscript(name: String, setting: Setting) -> String? { graph.profiles[name]?[setting] }
}
