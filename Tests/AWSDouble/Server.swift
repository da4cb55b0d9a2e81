import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a port of 127.0.0.1 that the system chose, with a thread of its own.
struct LoopbackServer: Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let url: String

  init(_ panel: ControlPanel) throws {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Connection(panel))
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

  private let panel: ControlPanel
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ panel: ControlPanel) { self.panel = panel }

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
    switch panel.reply(to: request) {
    case .answer(let response): write(response, keepingAlive: keepingAlive, on: context)
    case .cut(let response): writeHalf(of: response, on: context)
    case .close: context.close(promise: nil)
    case .hang: break
    case .held(let response, let release):
      write(response, after: release, keepingAlive: keepingAlive, on: context)
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

  private func write(
    _ response: WireResponse, after release: Int, keepingAlive: Bool, on context: ChannelHandlerContext
  ) {
    guard panel.world.withLock({ $0.releases < release }) else {
      return write(response, keepingAlive: keepingAlive, on: context)
    }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(2)) {
      self.write(response, after: release, keepingAlive: keepingAlive, on: context)
    }
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

  init(_ account: Account) { world = Mutex(World(account: account)) }

  func withLock<Value: Sendable>(_ body: (inout World) throws -> sending Value) rethrows -> Value {
    try world.withLock { world in try body(&world) }
  }
}
