internal import CLinux
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import POSIX
internal import Secrets
internal import Synchronization

/// Serves credentials on a port of 127.0.0.1 that the kernel chose, as a container's credential endpoint does.
///
/// A connection is for one request. SDKs send theirs at once, in a packet; so a head of more than 8 KB or 5 seconds, and
/// the oldest of more than 64 connections that have not sent theirs, are broken off.
final class CredentialServer: Sendable {
  private let group: MultiThreadedEventLoopGroup

  static let headLimit = 8_192
  static let connectionLimit = 64

  /// - Parameter observe: is called with each answer, on the server's thread.
  init(
    on listener: consuming LoopbackListener, _ rules: RequestRules, requestTimeout: Duration = .seconds(5),
    observe: @escaping @Sendable (ObservedAnswer) -> Void
  ) throws {
    // A thread for all connections; renewals have others.
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let unfinished = UnfinishedConnections(limit: Self.connectionLimit)
    _ = try ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            HeadLimit(), ByteToMessageHandler(HTTPRequestDecoder()), HTTPResponseEncoder(),
            Connection(rules, unfinished, timeout: TimeAmount(requestTimeout), observe),
          ])
        }
      }
      .withBoundSocket(listener.release()).wait()
  }

  /// Runs `task` on the server's thread again and again.
  func every(_ pause: TimeAmount, _ task: @escaping @Sendable () -> Void) {
    group.next().scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in task() }
  }

  /// Closes the port and all connections.
  func stop() throws { try group.syncShutdownGracefully() }
}

/// What became of a request; nothing in it is a secret.
struct ObservedAnswer: Sendable {
  let status: HTTPResponseStatus
  /// Nil if the request could not be read.
  let path: String?
}

// MARK: - Limits

/// Limits the bytes of a connection to more than the head of any request that we answer.
private final class HeadLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var count = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    count += unwrapInboundIn(data).readableBytes
    if count <= CredentialServer.headLimit {
      context.fireChannelRead(data)
    } else {
      context.fireErrorCaught(Refusal.badRequest)
    }
  }
}

/// The connections whose request is not whole, the oldest first.
private final class UnfinishedConnections: Sendable {
  private let limit: Int
  private let channels = Mutex<[any Channel]>([])

  init(limit: Int) { self.limit = limit }

  /// Closes the oldest if there are too many.
  func add(_ channel: any Channel) {
    let oldest = channels.withLock { channels in
      channels.append(channel)
      return channels.count > limit ? channels.removeFirst() : nil
    }
    oldest?.close(promise: nil)
  }

  func remove(_ channel: any Channel) { channels.withLock { $0.removeAll { $0 === channel } } }
}

// MARK: - Connection

/// Answers one request, and closes its connection.
private final class Connection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let rules: RequestRules
  private let unfinished: UnfinishedConnections
  private let observe: @Sendable (ObservedAnswer) -> Void
  private var head: HTTPRequestHead?
  private var state = State.reading
  private let timeout: TimeAmount
  private var timer: Scheduled<Void>?

  private enum State { case reading, deciding, answered }

  init(
    _ rules: RequestRules, _ unfinished: UnfinishedConnections, timeout: TimeAmount,
    _ observe: @escaping @Sendable (ObservedAnswer) -> Void
  ) {
    (self.rules, self.unfinished, self.timeout, self.observe) = (rules, unfinished, timeout, observe)
  }

  func channelActive(context: ChannelHandlerContext) {
    unfinished.add(context.channel)
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    unfinished.remove(context.channel)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state == .reading else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: answer(.refusal(.badRequest), on: context)
    case .end: if let head { answer(head, on: context) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is Refusal || error is HTTPParserError else { return context.close(promise: nil) }
    if state == .reading { answer(.refusal(.badRequest), on: context) }
  }

  private func answer(_ head: HTTPRequestHead, on context: ChannelHandlerContext) {
    let local = context.localAddress
    do throws(Refusal) {
      let supply = try rules.supply(for: head, at: local?.port ?? 0, from: context.remoteAddress?.user(at: local))
      state = .deciding
      unfinished.remove(context.channel)
      supply.answer(on: context.eventLoop).assumeIsolated().whenSuccess { answer in
        self.answer(.supply(answer), on: context)
      }
    } catch {
      answer(.refusal(error), on: context)
    }
  }

  private func answer(_ answer: HTTPAnswer, on context: ChannelHandlerContext) {
    guard state != .answered, context.channel.isActive else { return }
    state = .answered
    observe(ObservedAnswer(status: answer.status, path: head?.uri))
    var body = context.channel.allocator.buffer(answer.body)
    let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers(body.readableBytes))
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
      body.wipe()
      context.close(promise: nil)
    }
  }
}

extension ByteBufferAllocator {
  fileprivate func buffer(_ bytes: borrowing SecretBytes) -> ByteBuffer {
    var buffer = buffer(capacity: bytes.count)
    bytes.withBytes { bytes in
      _ = unsafe bytes.withUnsafeBytes { unsafe buffer.writeBytes($0) }
    }
    return buffer
  }
}

extension ByteBuffer {
  /// Overwrites what was sent.
  fileprivate mutating func wipe() {
    unsafe withUnsafeMutableReadableBytes { bytes in
      if let start = bytes.baseAddress { unsafe linux_wipe(start, bytes.count) }
    }
  }
}

extension linux_tcp_end {
  fileprivate init(_ address: sockaddr_in) { self.init(address: address.sin_addr.s_addr, port: address.sin_port) }
}

extension SocketAddress {
  /// The user whose process is at this end of a connection to `server`; nil if the kernel does not tell, as in a container
  /// that shares this machine's network but not its processes.
  fileprivate func user(at server: SocketAddress?) -> uid_t? {
    guard case .v4(let client) = self, case .v4(let server) = server else { return nil }
    var user = uid_t()
    let isKnown = unsafe linux_tcp_client_user(.init(client.address), .init(server.address), &user) == 0
    return isKnown ? user : nil
  }
}

// MARK: - Answers

/// What a client is sent.
enum HTTPAnswer {
  case refusal(Refusal)
  case supply(Renewal)

  /// SDKs do not repeat a request after 400. They do after 5xx, which is for failures that may pass.
  var status: HTTPResponseStatus {
    switch self {
    case .refusal(.badRequest): .badRequest
    case .refusal(.wrongMethod): .methodNotAllowed
    case .refusal(.forbiddenHost), .refusal(.otherUser): .forbidden
    case .refusal(.notFound): .notFound
    case .refusal(.unauthorized): .unauthorized
    case .supply(.success): .ok
    case .supply(.failure(let error)): error.mayPass ? .serviceUnavailable : .badRequest
    }
  }

  var body: SecretBytes {
    switch self {
    case .supply(.success(let held)): held.document.clone()
    case .refusal(let refusal): SecretBytes(copying: refusal.words.json)
    case .supply(.failure(let error)): SecretBytes(copying: error.clientWords.json)
    }
  }

  func headers(_ length: Int) -> HTTPHeaders {
    var headers: HTTPHeaders = [
      "Content-Type": "application/json", "Content-Length": "\(length)", "Cache-Control": "no-store",
      "Connection": "close",
    ]
    if case .refusal(.wrongMethod) = self { headers.add(name: "Allow", value: "GET") }
    return headers
  }
}
