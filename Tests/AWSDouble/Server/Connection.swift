import NIOCore
import NIOHTTP1

/// Collects a request of one connection and does with the connection what the reply says.
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
