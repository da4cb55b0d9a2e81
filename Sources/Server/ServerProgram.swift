internal import AWSValues
package import Delivery
internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import POSIX
internal import Processes
internal import Secrets
internal import Synchronization
internal import TerminalIO

/// The credential server that daypass becomes: `exec --server` and `serve` from the moment when there are credentials.
///
/// It holds no key and asks nobody: longer-lasting credentials it gets by running daypass, as an SDK runs a
/// `credential_process`. So this process stays small, and what hangs there does not hang here.
package struct ServerRun {
  private let start: ProcessStart
  private let request: ServerRequest
  private let diagnostics: Diagnostics

  /// - Throws: `ServerError.notAsked` if no daypass has started this program.
  package init(_ start: ProcessStart) throws(ServerError) {
    guard let request = Self.request(in: start.arguments) else { throw .notAsked }
    self.start = start
    self.request = request
    diagnostics = Diagnostics(verbosity: request.logging == .requests ? .debug : .normal)
  }

  /// Serves until the command or the server is to end, and then ends this process.
  package func run() throws -> Never {
    switch request.use {
    case .command: try runCommand()
    case .printed(let format, let idleSeconds): try runPrinted(format, idleSeconds: idleSeconds)
    }
  }

  private func runCommand() throws -> Never {
    let signals = SupervisedSignals.all()
    let listener = try LoopbackListener(backlog: Serving.backlog)
    let serving = try Serving(request, port: listener.port, environment: start.environment, diagnostics)
    // Before the server has threads and descriptors; a client that is this quick waits until they are there.
    let command = try ChildCommand(
      Array(start.arguments.dropFirst(2)), serving.variables(of: 0), inherited: start.environment, state: start.state)
    try serving.begin(on: listener)
    command.supervise(with: signals)
  }

  private func runPrinted(_ format: ExportFormat, idleSeconds: Int?) throws -> Never {
    let signals = SupervisedSignals.ending()
    let listener = try LoopbackListener(backlog: Serving.backlog)
    let serving = try Serving(request, port: listener.port, environment: start.environment, diagnostics)
    let server = try serving.begin(on: listener)
    for index in request.profiles.indices {
      try Output.standard.write(format.render(serving.variables(of: index), inherited: start.environment))
    }
    if let idleSeconds { serving.endProcess(of: server, afterIdle: .seconds(Int64(idleSeconds))) }
    signals.wait()
    _exit(0)
  }

  /// What daypass has written into the pipe whose descriptor is the first argument.
  private static func request(in arguments: [[UInt8]]) -> ServerRequest? {
    guard arguments.count > 1, let number = Int32(String(decoding: arguments[1], as: UTF8.self)),
      number > STDERR_FILENO,
      let pipe = FileDescriptor(number)
    else { return nil }
    var json = SecretBytes()
    while json.append(from: pipe.number, atMost: 65_536) > 0 {}
    return ServerRequest(json: json)
  }
}

package enum ServerError: Error, Equatable {
  /// No daypass has said what to serve.
  case notAsked
}

// MARK: - Serving

/// What is served, at which paths.
private final class Serving: Sendable {
  private let served: [Served]
  private let port: UInt16
  private let diagnostics: Diagnostics
  private let threads: NIOThreadPool
  private let use = LastUse()

  /// Connections that wait to be accepted.
  static let backlog: Int32 = 256

  private struct Served: Sendable {
    let profile: ServedProfile
    let path: String
    let token = Token()
    let supply: CredentialSupply
  }

  init(
    _ request: ServerRequest, port: UInt16, environment: EnvironmentBlock, _ diagnostics: Diagnostics
  ) throws {
    let threads = NIOThreadPool(numberOfThreads: min(4, max(1, request.profiles.count)))
    served = try request.profiles.map { profile in
      guard let credentials = profile.takeCredentials() else { throw ServerError.notAsked }
      let supply = CredentialSupply(
        try HeldCredentials(credentials, at: Date()), now: { Date() },
        notice: { diagnostics.tell($0, of: profile.name, at: Date()) },
        renew: { margin, finish in
          threads.submit { _ in finish(profile.renewed(margin: margin, environment: environment)) }
        })
      return Served(profile: profile, path: "/p/" + PercentEncoding.encode(profile.name), supply: supply)
    }
    (self.port, self.diagnostics, self.threads) = (port, diagnostics, threads)
  }

  func variables(of index: Int) -> ContainerVariables {
    let served = served[index]
    return ContainerVariables(
      uri: "http://127.0.0.1:\(port)\(served.path)", token: served.token.clone(),
      beside: served.profile.variables)
  }

  /// Answers and renews from now on, for as long as this process lives.
  @discardableResult
  func begin(on listener: consuming LoopbackListener) throws -> CredentialServer {
    threads.start()
    let paths = served.map { ($0.path, (token: $0.token, supply: $0.supply)) }
    let rules = RequestRules(Dictionary(paths) { first, _ in first })
    let server = try CredentialServer(on: listener, rules) { [use, diagnostics] answer in
      diagnostics.tell(answer)
      if answer.status == .ok { use.note() }
    }
    server.every(.seconds(30)) { for served in self.served { served.supply.renewIfDue() } }
    return server
  }

  /// Ends this process once nobody has got credentials for so long.
  func endProcess(of server: CredentialServer, afterIdle pause: TimeAmount) {
    server.every(min(pause, .seconds(30))) { [use] in if use.isOlder(than: pause) { _exit(0) } }
  }
}

/// When credentials were last handed out.
private final class LastUse: Sendable {
  private let time = Mutex(NIODeadline.now())

  func note() { time.withLock { $0 = .now() } }

  func isOlder(than pause: TimeAmount) -> Bool { time.withLock { $0 + pause <= .now() } }
}

// MARK: - Renewal

extension ServedProfile {
  /// Runs daypass for credentials with more than `margin` seconds left.
  ///
  /// It has no terminal: the command owns that, and two programs that read from it would share out what is typed. Nobody
  /// ends it with us: a sign-in that is being refreshed must not be cut off.
  fileprivate func renewed(margin: Int, environment: EnvironmentBlock) -> Renewal {
    let program = ChildProgram(
      renewal + ["--min-left", "\(margin)", "--", name], environment: environment.entries,
      terminal: .detached, timeout: .seconds(300))
    do {
      guard let credentials = Credentials(printed: try program.run()) else { return .failure(.noAnswer) }
      return .success(try HeldCredentials(credentials, at: Date()))
    } catch ChildError.ended(.exited(let status), let lines) {
      return .failure(.daypass(status: status, words: lines))
    } catch {
      return .failure(.noAnswer)
    }
  }
}
