import FoundationEssentials
import Glibc

/// A strict AWS on loopback: the calls of STS, IAM and S3 that daypass makes, with every signature and rule checked.
package final class AWSDouble: Sendable {
  let world: SharedWorld
  private let server: LoopbackServer
  /// `http://127.0.0.1:PORT`, the endpoint of all services and of the control API.
  package let url: String

  private init(_ account: Account) throws {
    let world = SharedWorld(account)
    server = try LoopbackServer(ControlPanel(world: world))
    (self.world, url) = (world, server.url)
  }

  package static func start(_ account: Account = .demo) throws -> AWSDouble { try AWSDouble(account) }

  /// Closes the port and every connection, also those that hang.
  package func stop() throws {
    release()
    try server.stop()
  }

  /// Setting it keeps the sessions that were issued and the codes that were spent.
  package var account: Account {
    get { world.withLock { $0.account } }
    set { world.withLock { $0.account = newValue } }
  }

  package var clock: DoubleClock {
    get { world.withLock { $0.clock } }
    set { world.withLock { $0.clock = newValue } }
  }

  /// How long a change in IAM takes to be visible elsewhere; no time at first.
  package var propagation: Propagation {
    get { world.withLock { $0.propagation } }
    set { world.withLock { $0.propagation = newValue } }
  }

  package var identityCenter: IdentityCenter {
    get { world.withLock { $0.identityCenter } }
    set { world.withLock { $0.identityCenter = newValue } }
  }

  package var consoleSignIn: ConsoleSignIn {
    get { world.withLock { $0.consoleSignIn } }
    set { world.withLock { $0.consoleSignIn = newValue } }
  }

  /// A token of Identity Center that another program got.
  package func issueAccessToken() -> String { world.withLock { $0.issueAccessToken() } }

  package var calls: [RecordedCall] { world.withLock { $0.calls } }

  /// What the device shows `step` half minutes from now, spent or not; also of one that belongs to nobody yet.
  package func code(for serial: String, step: Int) -> String? {
    world.withLock { world in
      world.account.device(serial).flatMap { world.codes.code(of: $0, step: step, at: world.now) }
    }
  }

  /// What the device shows now, and in the next half minute.
  package func codePair(for serial: String) -> (first: String, second: String)? {
    world.withLock { world in
      guard let device = world.account.device(serial),
        let first = world.codes.code(of: device, step: 0, at: world.now),
        let second = world.codes.code(of: device, step: 1, at: world.now)
      else { return nil }
      return (first, second)
    }
  }

  /// A code of the device that is valid and unused now; nil if this step's and the next one's are spent.
  package func code(for serial: String) -> String? {
    world.withLock { world in
      world.account.device(serial).flatMap { world.codes.unusedCode(of: $0, at: world.now) }
    }
  }
}

// MARK: - Script

extension AWSDouble {
  /// The next `times` calls of `action` (of any, if nil) meet `fault`; faults queue up in the order in which they are added.
  package func fail(_ action: Action?, with fault: Fault, times: Int = 1) {
    world.withLock { $0.faults.add([FaultRule(action: action, fault: fault, times: times)]) }
  }

  /// The same from the JSON of the control API's `/_double/faults`.
  package func fail(json: Data) throws {
    let rules = try JSONDecoder().decode([FaultRule].self, from: json)
    world.withLock { $0.faults.add(rules) }
  }

  package func clearFaults() { world.withLock { $0.faults.clear() } }

  /// Sends the answers that a `delay` holds back.
  package func release() { world.withLock { $0.releases += 1 } }

  package func forgetCalls() { world.withLock { $0.calls = [] } }

  /// Waits until `count` calls of `action` have come; false if they do not within 30 s.
  package func wait(for count: Int, of action: Action) -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while calls.count(where: { $0.action == action.rawValue }) < count {
      guard .now < end else { return false }
      poll(nil, 0, 2)
    }
    return true
  }
}

extension AWSDouble {
  /// Everything that only the account's users may know: their keys' secrets, those and the tokens of every session, and
  /// what says who a token's subject or a container is.
  package var secrets: [String] {
    world.withLock { world in
      world.account.users.flatMap { $0.keys.map(\.secret) } + world.sessions.values.flatMap { [$0.secret, $0.token] }
        + world.identityCenter.secrets + world.tokens + world.consoleSignIn.signInTokens.keys
        + [World.containerToken]
    }
  }
}
