import AWSServices
import AWSValues
import Delivery
import FoundationEssentials
import Glibc
import HTTP
import Keyring
import Profiles
import Secrets
import Sessions
import TerminalIO

/// Constructs what commands use of the world. Environment, clock and randomness are read here and nowhere else.
struct Host {
  let start: ProcessStart
  /// The user's environment, the first value of each name.
  let environment: [String: String]
  let output = Output.standard
  let diagnostics: Diagnostics
  let now: @Sendable () -> Date = { Date() }
  /// The keyring; nothing is opened before it is asked.
  let store: SecretServiceStore
  let cachePlace: CachePlace

  init(start: ProcessStart, diagnostics: Diagnostics) throws {
    self.start = start
    self.diagnostics = diagnostics
    environment = start.environment.dictionary
    cachePlace = try CachePlace(environment: environment)
    let timeouts = try environment.timeout("DAYPASS_UNLOCK_TIMEOUT").map { KeyringTimeouts(dialog: .seconds($0)) }
    store = SecretServiceStore(environment: environment, timeouts: timeouts ?? KeyringTimeouts()) { phase in
      if phase == .unlocking { diagnostics.waiting(for: "the keyring's password in the dialog") }
    }
  }

  var keys: LongTermKeys { LongTermKeys(store: keyring, locks: KeyLocks(folder: runtimeFolder)) }

  /// The keyring, with its password asked for at the terminal if there is no dialog.
  var keyring: any SecretStore { UnlockingStore(store: loggedStore, keyring: store) }

  /// The keyring as it is.
  var loggedStore: LoggingSecretStore { LoggingSecretStore(store: store, diagnostics: diagnostics) }

  /// The profiles of the user's config files.
  func profiles() throws -> ProfileSet {
    let files = try ConfigFiles(environment: environment)
    diagnostics.debug("reading \(files.config) and \(files.credentials)")
    return try files.read()
  }

  /// A client that reaches AWS as `connection` says, and breaks a call off once `isGivenUp`.
  func client(
    for connection: Connection, isGivenUp: @escaping @Sendable () -> Bool = { false }
  ) -> AWSClient {
    let transport = CurlTransport(
      userAgent: "daypass/\(DaypassCommand.version)", caBundle: connection.caBundle,
      proxies: ProxySettings(environment: environment), isGivenUp: isGivenUp,
      noticeLongWait: { [diagnostics] in diagnostics.waiting(for: $0) })
    let dependencies = ClientDependencies(
      now: now, random: { Double.random(in: 0...1) }, pause: Self.pause,
      clockIsOff: { [diagnostics] in diagnostics.warn(Messages.clock(isOffBy: $0) + "; AWS's time is used") })
    return AWSClient(
      connection: connection, transport: LoggingTransport(transport: transport, diagnostics: diagnostics),
      dependencies: dependencies)
  }

  /// A transport to the machine or container that we run on: no proxy, and not for long.
  func machineTransport(for connection: Connection) -> any HTTPTransport {
    var timeouts = CurlTransport.Timeouts()
    (timeouts.connect, timeouts.total) = (.seconds(2), .seconds(5))
    let transport = CurlTransport(
      userAgent: "daypass/\(DaypassCommand.version)", caBundle: connection.caBundle, timeouts: timeouts,
      plainHTTP: .toMetadataAddresses)
    return LoggingTransport(transport: transport, diagnostics: diagnostics)
  }

  static func pause(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = timespec()
    while unsafe nanosleep(&time, &left) != 0, errno == EINTR { time = left }
  }
}

// MARK: - Planning

extension Host {
  /// Without a request, it plans for a command that takes none.
  func planner(
    for profiles: ProfileSet, _ request: CredentialRequest = CredentialRequest(), scope: ScopeRequest = ScopeRequest(),
    purpose: PlanOptions.Purpose = .calls
  ) throws -> CredentialPlanner {
    var options = PlanOptions(
      defaultSessionName: RoleSessionName(user: Self.userName, host: Self.hostName), duration: request.duration,
      sessionTokenDuration: try environment.time("DAYPASS_SESSION_DURATION"),
      sessions: request.withoutSession ? .skipped : .used, region: request.region)
    options.scope = scope
    options.purpose = purpose
    return CredentialPlanner(profiles: profiles, environment: environment, options: options)
  }

  /// `alice@laptop`.
  static var userAndHost: String { "\(userName)@\(hostName)" }

  private static var hostName: String { ProcessInfo.processInfo.hostName }

  private static var userName: String {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return "uid\(getuid())"
    }
    return unsafe String(cString: name)
  }
}

// MARK: - Sessions

extension Host {
  /// The sessions that commands share.
  var sessions: SessionCache {
    SessionCache(
      store: LoggingSessionStore(store: sessionStore, diagnostics: diagnostics),
      folder: cachePlace == .none ? nil : runtimeFolder, now: now)
  }

  /// Locks with which one process gets a session that many need; nil if sessions are not shared.
  func sessionLocks() throws(CommandError) -> NamedLocks? { cachePlace == .none ? nil : try signInLocks() }

  /// Locks with which one process signs in or refreshes a token; tokens are shared wherever sessions are.
  func signInLocks() throws(CommandError) -> NamedLocks {
    let timeout = try environment.timeout("DAYPASS_LOCK_TIMEOUT") ?? Self.lockTimeout
    return NamedLocks(folder: runtimeFolder, timeout: timeout) { [diagnostics] event in
      switch event {
      case .waiting(let process):
        diagnostics.debug("waiting for \(Messages.waiting(for: process))")
        diagnostics.waiting(for: Messages.waiting(for: process))
      case .notLocked(let error): diagnostics.warn(error.words)
      }
    }
  }

  /// Longer than a person takes for the keyring's dialog and an MFA code, in seconds.
  private static let lockTimeout = 180

  var runtimeFolder: RuntimeFolder { RuntimeFolder(environment: environment) }

  /// Where sessions are kept; decided nowhere else.
  private var sessionStore: any SessionStore {
    let service = SecretServiceSessions(store: loggedStore, folder: runtimeFolder)
    switch cachePlace {
    case .none: return NoSessions()
    case .keyring: return service
    case .kernel:
      return FallbackSessions(kernel: kernelKeyring, service: service) { [diagnostics] refusal in
        diagnostics.debug(refusal.words)
      }
    }
  }

  /// The sessions in the kernel. Whether one is there can be seen without reading it.
  var kernelKeyring: KernelKeyring { KernelKeyring(name: kernelKeyName) }

  /// Sessions belong to the keyring that holds their keys, and a user may have several: gnome-keyring keeps its files in
  /// the data folder.
  ///
  /// Both parts are always there and free of the colon between them, so that no name is the start of another; however
  /// the folder is spelled, it has one name.
  private var kernelKeyName: String {
    func part(_ text: String) -> String { PercentEncoding.encode(text, keeping: "/") }
    return
      "daypass:\(part(Self.canonicalPath(dataFolder(in: environment)))):\(part(environment["DAYPASS_COLLECTION"] ?? ""))"
  }

  /// `path` with its links followed, as far as it exists.
  private static func canonicalPath(_ path: String) -> String {
    if let real = unsafe realpath(path, nil) {
      defer { unsafe free(real) }
      return unsafe String(cString: real)
    }
    let parts = path.split(separator: "/")
    guard let last = parts.last else { return "/" }
    let parent = canonicalPath("/" + parts.dropLast().joined(separator: "/"))
    return (parent == "/" ? "" : parent) + "/" + last
  }
}

// MARK: - Cache place

/// Where sessions are kept, as `DAYPASS_CACHE` says.
enum CachePlace: String, CaseIterable {
  /// In the kernel, and in the keyring if the kernel refuses.
  case kernel
  /// In the keyring's memory.
  case keyring
  /// Nowhere: every command asks AWS.
  case none

  static let variable = "DAYPASS_CACHE"

  init(environment: [String: String]) throws(CommandError) {
    let text = environment[Self.variable] ?? ""
    guard let place = text.isEmpty ? .kernel : CachePlace(rawValue: text) else {
      throw .invalidChoice(variable: Self.variable, text, choices: Self.allCases.map(\.rawValue))
    }
    self = place
  }
}

extension [String: String] {
  /// The value of a variable; nil if it is unset or empty.
  func value(of name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The seconds that a variable says to wait at most: a day if it says more, which is as good as forever.
  func timeout(_ name: String) throws(CommandError) -> Int? {
    try time(name).map { Swift.min($0.seconds, 86_400) }
  }

  /// The duration in a variable; nil if it is unset or empty.
  func time(_ name: String) throws(CommandError) -> SessionDuration? {
    guard let text = value(of: name) else { return nil }
    guard let duration = SessionDuration(text) else { throw .invalidTime(variable: name, text) }
    return duration
  }
}
