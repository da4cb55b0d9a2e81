import Dispatch
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a port of 127.0.0.1 that the system chose, with a thread of its own.
struct LoopbackServer: Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let url: String

  init(
    _ respond: @escaping @Sendable (WireRequest) -> Reply, hold: @escaping @Sendable (EventLoopPromise<Void>) -> Void
  )
    throws
  {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Connection(respond, hold: hold))
        }
      }
    let channel = try bootstrap.bind(host: "127.0.0.1", port: 0).wait()
    url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
  }

  /// Closes the port and every connection.
  func stop() throws { try group.syncShutdownGracefully() }
}

// MARK: - Connection

/// Collects a request from one connection, and does with the connection what the reply says.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let respond: @Sendable (WireRequest) -> Reply
  private let hold: @Sendable (EventLoopPromise<Void>) -> Void
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(
    _ respond: @escaping @Sendable (WireRequest) -> Reply, hold: @escaping @Sendable (EventLoopPromise<Void>) -> Void
  ) {
    (self.respond, self.hold) = (respond, hold)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, [])
    case .body(let part): body += part.readableBytesView
    case .end:
      guard let head else { return }
      answer(WireRequest(head, body), keepingAlive: head.isKeepAlive, on: context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func answer(_ request: WireRequest, keepingAlive: Bool, on context: ChannelHandlerContext) {
    switch respond(request) {
    case .answer(let response): write(response, keepingAlive: keepingAlive, on: context)
    case .cut(let response): writeHalf(of: response, on: context)
    case .close: context.close(promise: nil)
    case .hang: break
    case .held(let response):
      let promise = context.eventLoop.makePromise(of: Void.self)
      promise.futureResult.assumeIsolated().whenSuccess {
        self.write(response, keepingAlive: keepingAlive, on: context)
      }
      hold(promise)
    case .later(let seconds):
      context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(seconds))) {
        self.answer(request, keepingAlive: keepingAlive, on: context)
      }
    }
  }

  private func write(_ response: WireResponse, keepingAlive: Bool, on context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    var head = HTTPResponseHead(response)
    if !keepingAlive { head.headers.add(name: "Connection", value: "close") }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
    let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepingAlive { end.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
  }

  private func writeHalf(of response: WireResponse, on context: ChannelHandlerContext) {
    let half = ByteBuffer(bytes: response.body.prefix(response.body.count / 2))
    context.write(wrapOutboundOut(.head(HTTPResponseHead(response))), promise: nil)
    let sent = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(half))))
    sent.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }
}

// MARK: - HTTP parts

extension WireRequest {
  init(_ head: HTTPRequestHead, _ body: [UInt8]) {
    self.init(
      method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body)
  }
}

extension HTTPResponseHead {
  init(_ response: WireResponse) {
    var headers = HTTPHeaders(response.headers)
    headers.add(name: "Content-Length", value: String(response.body.count))
    self.init(version: .http1_1, status: .init(statusCode: response.status), headers: headers)
  }
}

// MARK: - Shared world

/// The world, shared between the connections and the test.
final class SharedWorld: Sendable {
  private let world: Mutex<World>
  private let held = Mutex(HeldAnswers())
  private let watchers = Mutex<[CallWatcher]>([])

  init(_ account: Account) { world = Mutex(World(account: account)) }

  func withLock<Value: Sendable>(_ body: (inout World) throws -> sending Value) rethrows -> Value {
    try world.withLock { world in try body(&world) }
  }

  func reply(to request: WireRequest) -> Reply {
    let (reply, calls) = withLock { world in
      let reply = world.reply(to: request)
      // Before anybody can see the call, so that a release right after it counts for its answer.
      if case .held = reply { held.withLock { $0.expected += 1 } }
      return (reply, world.calls)
    }
    watchers.withLock { $0.removeAll { $0.isSatisfied(by: calls) } }
    return reply
  }

  /// Whether the calls came within the time.
  func wait(for watcher: CallWatcher, seconds: Double) -> Bool {
    watchers.withLock { $0.append(watcher) }
    _ = watcher.isSatisfied(by: withLock { $0.calls })
    return watcher.wait(seconds: seconds)
  }

  func hold(_ promise: EventLoopPromise<Void>) {
    let isReleased = held.withLock { $0.take(promise) }
    if isReleased { promise.succeed() }
  }

  func release() {
    let promises = held.withLock { $0.release() }
    for promise in promises { promise.succeed() }
  }
}

/// The answers that wait for their release, and those that are released before their connection holds them.
private struct HeldAnswers {
  /// Decided on, and not yet held by their connections.
  var expected = 0
  private var released = 0
  private var promises: [EventLoopPromise<Void>] = []

  /// Whether the answer was released meanwhile.
  mutating func take(_ promise: EventLoopPromise<Void>) -> Bool {
    expected -= 1
    guard released == 0 else {
      released -= 1
      return true
    }
    promises.append(promise)
    return false
  }

  mutating func release() -> [EventLoopPromise<Void>] {
    released = expected
    defer { promises = [] }
    return promises
  }
}

// MARK: - Call watcher

/// Wakes a test when a number of calls of one action have come.
struct CallWatcher: Sendable {
  let action: Action
  let count: Int
  private let semaphore = DispatchSemaphore(value: 0)

  init(_ count: Int, of action: Action) { (self.count, self.action) = (count, action) }

  func isSatisfied(by calls: [RecordedCall]) -> Bool {
    guard calls.count(where: { $0.action == action.rawValue }) >= count else { return false }
    semaphore.signal()
    return true
  }

  func wait(seconds: Double) -> Bool { semaphore.wait(timeout: .now() + seconds) == .success }
}
