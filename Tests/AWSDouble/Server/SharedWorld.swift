import NIOCore
import Synchronization

/// The world, shared between the connections and the test.
final class SharedWorld: Sendable {
  private let world: Mutex<World>
  private let held = Mutex<[EventLoopPromise<Void>]>([])
  private let watchers = Mutex<[CallWatcher]>([])

  init(_ account: Account) { world = Mutex(World(account: account)) }

  func withLock<Value: Sendable>(_ body: (inout World) throws -> sending Value) rethrows -> Value {
    try world.withLock { world in try body(&world) }
  }

  func reply(to request: WireRequest) -> Reply {
    let (reply, calls) = withLock { ($0.reply(to: request), $0.calls) }
    watchers.withLock { $0.removeAll { $0.isSatisfied(by: calls) } }
    return reply
  }

  /// Whether the calls came within the time.
  func wait(for watcher: CallWatcher, seconds: Double) -> Bool {
    watchers.withLock { $0.append(watcher) }
    _ = watcher.isSatisfied(by: withLock { $0.calls })
    return watcher.wait(seconds: seconds)
  }

  func hold(_ promise: EventLoopPromise<Void>) { held.withLock { $0.append(promise) } }

  func release() {
    let promises = held.withLock { held in
      defer { held = [] }
      return held
    }
    for promise in promises { promise.succeed() }
  }
}
