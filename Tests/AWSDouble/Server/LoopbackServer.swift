import NIOCore
import NIOHTTP1
import NIOPosix

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
