import FoundationEssentials

/// A strict AWS on loopback: STS, IAM and S3 as far as daypass calls them, every signature verified, every rule kept.
package final class AWSDouble: Sendable {
  let world: SharedWorld
  private let server: LoopbackServer
  /// `http://127.0.0.1:PORT`, the endpoint of all services and of the control API.
  package let url: String

  private init(_ account: Account) throws {
    let world = SharedWorld(account)
    let panel = ControlPanel(world: world)
    server = try LoopbackServer(panel.reply, hold: world.hold)
    (self.world, url) = (world, server.url)
  }

  package static func start(_ account: Account = .demo) throws -> AWSDouble { try AWSDouble(account) }

  /// Closes the port and every connection, also those that hang.
  package func stop() throws {
    world.release()
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

  /// How long what IAM is told takes to be seen elsewhere; at first, no time.
  package var propagation: Propagation {
    get { world.withLock { $0.propagation } }
    set { world.withLock { $0.propagation = newValue } }
  }

  package var calls: [RecordedCall] { world.withLock { $0.calls } }

  /// A code of the device that is valid and unused now; nil when this step's and the next one's are spent.
  package func code(for serial: String) -> String? {
    world.withLock { world in
      world.account.device(serial).flatMap { world.codes.unusedCode(of: $0, at: world.now) }
    }
  }
}
