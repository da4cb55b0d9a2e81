internal import CCurl
internal import Glibc
internal import POSIX
internal import Synchronization

/// Ends a request at its deadlines, or when its response is no longer wanted, whatever libcurl is doing.
///
/// libcurl has time limits of its own, but does not look at the clock in every loop: 7.88 reads the body of a proxy's 407
/// response without. Its progress function is called once a second while nothing comes. Every loop ends when the
/// connection does, so a thread of our own watches the clock and breaks the connection.
final class Watchdog: Sendable {
  private let start = ContinuousClock.now
  private let timeouts: CurlTransport.Timeouts
  private let isGivenUp: @Sendable () -> Bool
  private let noticeLongWait: @Sendable () -> Void
  private let state = Mutex(State())

  init(
    timeouts: CurlTransport.Timeouts, isGivenUp: @escaping @Sendable () -> Bool,
    noticeLongWait: @escaping @Sendable () -> Void
  ) {
    self.timeouts = timeouts
    self.isGivenUp = isGivenUp
    self.noticeLongWait = noticeLongWait
  }

  private struct State {
    var phase = Phase.connecting
    var verdict: Verdict?
    var hasNoticed = false
    /// Duplicates of libcurl's descriptors, whose numbers nobody can reuse.
    var sockets: [Int32] = []
  }

  enum Phase { case connecting, connected }

  /// Why the request was ended.
  enum Verdict { case timedOut, givenUp }

  var phase: Phase { state.withLock { $0.phase } }

  var verdict: Verdict? { state.withLock { $0.verdict } }

  deinit {
    state.withLock { for socket in $0.sockets { close(socket) } }
  }

  // MARK: What libcurl says

  /// Opens a socket for libcurl; -1 if the request is over.
  fileprivate func openSocket(_ address: curl_sockaddr) -> Int32 {
    state.withLock { state in
      guard state.verdict == nil else { return -1 }
      let type = address.socktype | Int32(SOCK_CLOEXEC.rawValue)
      let new = socket(address.family, type, address.protocol)
      let duplicate = fcntl(new, F_DUPFD_CLOEXEC, 0)
      if duplicate >= 0 { state.sockets.append(duplicate) }
      return new
    }
  }

  /// The connection, its tunnel and its TLS are there.
  fileprivate func hasConnected() {
    state.withLock { $0.phase = .connected }
  }

  // MARK: The watch

  /// Watches until `end` is readable.
  fileprivate func watch(until end: Int32) {
    while let pause = look() {
      var source = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&source, 1, Int32(pause.milliseconds + 1)) > 0 { return }
    }
  }

  /// Does what is due. Returns the time until the next look; nil if the request was ended.
  private func look() -> Duration? {
    let age = ContinuousClock.now - start
    let isUnwanted = isGivenUp()
    let (pause, isLong) = state.withLock { state -> (Duration?, Bool) in
      let limit = state.phase == .connecting ? timeouts.connect : timeouts.total
      if isUnwanted || age >= limit {
        state.verdict = isUnwanted ? .givenUp : .timedOut
        for socket in state.sockets { disconnect(socket) }
        return (nil, false)
      }
      let isLong = age >= timeouts.notice && !state.hasNoticed
      state.hasNoticed = state.hasNoticed || isLong
      return (min(limit - age, Self.interval), isLong)
    }
    if isLong { noticeLongWait() }
    return pause
  }

  private static let interval = Duration.milliseconds(100)

  /// Breaks the connection and drops what was received, unlike shutdown(2): connect(2) to AF_UNSPEC.
  private func disconnect(_ socket: Int32) {
    var nowhere = sockaddr()
    _ = unsafe connect(socket, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
  }
}

// MARK: - Callbacks

extension Watchdog {
  /// Has libcurl call this watchdog, which must live until the request is done.
  func attach(to handle: borrowing CurlHandle) throws(HTTPError) {
    try unsafe handle.setWatch(
      openSocket: { context, _, address in
        guard let context = unsafe context, let address = unsafe address else { return -1 }
        return unsafe Watchdog.at(context).openSocket(address.pointee)
      },
      hasConnected: { context, _, _, _, _ in
        if let context = unsafe context { unsafe Watchdog.at(context).hasConnected() }
        return 0
      },
      // While it resolves a name libcurl has no socket, but it does ask.
      progress: { context, _, _, _, _ in
        guard let context = unsafe context else { return 1 }
        return unsafe Watchdog.at(context).verdict == nil ? 0 : 1
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }

  private static func at(_ context: UnsafeMutableRawPointer) -> Watchdog {
    unsafe Unmanaged<Watchdog>.fromOpaque(context).takeUnretainedValue()
  }
}

// MARK: - Thread

/// The thread of a watchdog; it has ended when its owner ends.
@safe
struct WatchdogThread: ~Copyable {
  private let thread: JoinedThread
  /// Readable when the thread is to end.
  private let pipe: Pipe?

  /// If the system has no thread or descriptor to give, libcurl's own limits are all there is.
  init(of watchdog: Watchdog) {
    pipe = Pipe()
    let end = pipe.withValue { $0.readEnd.number }
    thread = JoinedThread { if let end { watchdog.watch(until: end) } }
  }

  deinit {
    _ = pipe.withValue { unsafe write($0.writeEnd.number, [1], 1) }
    _ = consume thread
  }
}
