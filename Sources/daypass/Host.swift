import AWSServices
import AWSValues
import Console
import Delivery
import FoundationEssentials
import Glibc
import HTTP
import Keyring
import Profiles
import Secrets
import Sessions

/// The composition root: the world as commands see it. Environment, clock and randomness are read here and nowhere else.
struct Host {
  let start: ProcessStart
  /// The user's environment, the first value of each name.
  let environment: [String: String]
  let output = Output.standard
  let diagnostics: Diagnostics
  let now: @Sendable () -> Date = { Date() }
  /// The keyring; nothing is started before it is asked.
  let store: WorkerStore
  let cachePlace: CachePlace

  /// The first argument of the process that talks to the keyring for us.
  static let keyringWorkerArgument = "keyring-worker"

  init(start: ProcessStart, diagnostics: Diagnostics) throws {
    self.start = start
    self.diagnostics = diagnostics
    environment = start.environment.dictionary
    cachePlace = try CachePlace(environment: environment)
    store = WorkerStore(
      program: WorkerProgram(path: "/proc/self/exe", arguments: ["daypass", Self.keyringWorkerArgument]),
      environment: environment, deadlines: try Self.deadlines(in: environment)
    ) { phase in
      if phase == .unlocking { diagnostics.waiting(for: "the keyring's password in the dialog") }
    }
  }

  var keys: LongTermKeys { LongTermKeys(store: LoggingSecretStore(store, to: diagnostics)) }

  /// The profiles of the user's config files.
  func profiles() throws -> ProfileSet {
    let files = try ConfigFiles(environment: environment)
    diagnostics.debug("reading \(files.config) and \(files.credentials)")
    return try files.read()
  }

  /// Ends the keyring's process, which a program that takes our place would not expect as its child.
  func closeKeyring() {
    store.close()
  }

  private static func deadlines(in environment: [String: String]) throws(CommandError) -> KeyringDeadlines {
    guard let time = try environment.time("DAYPASS_UNLOCK_TIMEOUT") else { return KeyringDeadlines() }
    return KeyringDeadlines(unlocking: .seconds(time.seconds))
  }

  /// A client that reaches AWS as `connection` says, and breaks a call off once `isGivenUp`.
  func client(
    for connection: Connection, isGivenUp: @escaping @Sendable () -> Bool = { false }
  ) throws -> AWSClient {
    let transport = CurlTransport(
      userAgent: "daypass/\(DaypassCommand.version)", caBundle: connection.caBundle,
      proxies: ProxySettings(environment: environment), isGivenUp: isGivenUp,
      noticeLongWait: { [diagnostics] in diagnostics.waiting(for: $0) })
    let surroundings = ClientDependencies(
      now: now, random: { Double.random(in: 0...1) }, pause: Self.pause,
      clockIsOff: { [diagnostics] in diagnostics.warn(ErrorMessages.clock(isOffBy: $0) + "; AWS's time is used") })
    return AWSClient(
      connection: connection, transport: LoggingTransport(transport: transport, diagnostics: diagnostics),
      surroundings: surroundings)
  }

  static func pause(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = timespec()
    while unsafe nanosleep(&time, &left) != 0, errno == EINTR { time = left }
  }
}

// MARK: - Asking

extension Host {
  /// Asks for a yes before something is done that cannot be undone; `--force` is one in advance.
  func confirm(_ question: String, unless options: ConfirmationOptions) throws {
    guard !options.force else { return }
    guard let terminal = Terminal.foreground() else {
      throw CommandError.cannotAsk("whether to \(question.dropLast())", flag: "--force")
    }
    guard try terminal.confirms(question) else { throw CommandError.declined }
  }

  /// The device the user wants in the profile; without a terminal a hint says how to name one.
  func choose(among devices: [MFADevice], for profile: String) throws -> MFADevice? {
    guard let first = devices.first else { return nil }
    guard let terminal = Terminal.foreground() else {
      let section = profile == "default" ? "[default]" : "[profile \(profile)]"
      diagnostics.note("to use MFA, add this line to \(section): mfa_serial = \(first.text.displayText())")
      return nil
    }
    for device in devices
    where try terminal.confirms("use MFA device \(device.name.displayText()) for this profile?") {
      return device
    }
    return nil
  }
}

// MARK: - Planning

extension Host {
  /// What to do for credentials of a profile, decided from files, flags and environment alone.
  func plan(for profile: ProfileArgument, _ options: SessionOptions) throws -> CredentialPlan {
    // No session will do, so the key is needed whatever the plan.
    if options.withoutSession { store.prepareForOneQuestion() }
    return try planner(for: profiles(), options).plan(for: profile.name(in: environment))
  }

  /// Without options it plans what commands do that are given none.
  func planner(for profiles: ProfileSet, _ options: SessionOptions? = nil) throws -> CredentialPlanner {
    let wishes = PlanOptions(
      defaultSessionName: RoleSessionName(user: Self.userName, host: Self.hostName), duration: options?.duration,
      sessionTokenDuration: try environment.time("DAYPASS_SESSION_DURATION"),
      sessions: options?.withoutSession == true ? .skipped : .used, region: options?.region)
    return CredentialPlanner(
      profiles: profiles, environment: environment, options: wishes, partition: { Partition(region: $0).id })
  }

  /// The margin of a consumer, unless `DAYPASS_MIN_TTL` sets another.
  func margin(_ margin: SessionMargin) throws -> SessionMargin {
    guard let minimum = try environment.time("DAYPASS_MIN_TTL") else { return margin }
    return SessionMargin(timeLeft: TimeInterval(minimum.seconds), short: .refuse)
  }

  private static var hostName: String {
    var system = utsname()
    return unsafe uname(&system) == 0 ? String(nulTerminated: system.nodename) : "localhost"
  }

  private static var userName: String {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return "uid\(getuid())"
    }
    return unsafe String(cString: name)
  }
}

extension String {
  /// The text of a fixed array of characters in a C struct.
  fileprivate init<Characters>(nulTerminated characters: Characters) {
    self = unsafe withUnsafeBytes(of: characters) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

// MARK: - Sessions

extension Host {
  /// The sessions that commands share.
  var sessions: SessionCache {
    SessionCache(
      store: LoggingSessionStore(sessionStore, to: diagnostics), folder: cachePlace == .none ? nil : runtimeFolder,
      now: now)
  }

  /// What lets one process ask for a session that many need; nil where none are shared.
  func locks() throws(CommandError) -> SessionLocks? {
    guard cachePlace != .none else { return nil }
    let timeout = try environment.time("DAYPASS_LOCK_TIMEOUT")?.seconds ?? Self.timeout
    return SessionLocks(folder: runtimeFolder, timeout: timeout) { [diagnostics] event in
      switch event {
      case .waiting(let process):
        diagnostics.debug("waiting for \(ErrorMessages.waiting(for: process))")
        diagnostics.waiting(for: ErrorMessages.waiting(for: process))
      case .notLocked(let error): diagnostics.warn(error.words)
      }
    }
  }

  /// Longer than a person takes for the keyring's dialog and an MFA code, in seconds.
  private static let timeout = 180

  var runtimeFolder: RuntimeFolder { RuntimeFolder(environment: environment) }

  /// The one place that picks where sessions are.
  private var sessionStore: any SessionStore {
    let service = SecretServiceSessions(
      store: LoggingSecretStore(store, to: diagnostics), mark: SecretServiceCacheMarker(in: runtimeFolder))
    switch cachePlace {
    case .none: return NoSessions()
    case .keyring: return service
    case .kernel:
      return FallbackSessions(
        kernel: KernelSessions(keyring: KernelKeyring(name: kernelKeyName)), service: service,
        mark: SecretServiceCacheMarker(in: runtimeFolder)
      ) { [diagnostics] refusal in diagnostics.debug(refusal.words) }
    }
  }

  /// Sessions belong to the keyring that holds their keys, and a user may have several: gnome-keyring keeps its files in
  /// the data folder (XDG Base Directory Specification).
  private var kernelKeyName: String {
    let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
    return ["daypass", data, environment["DAYPASS_COLLECTION"] ?? ""].filter { !$0.isEmpty }.joined(separator: ":")
  }
}

extension Host {
  /// The terminal on which codes are asked for. Throws `noTerminal`.
  func terminalForCodes() throws(MFADeviceError) -> Terminal {
    guard let terminal = Terminal.foreground() else { throw .noTerminal }
    return terminal
  }
}

// MARK: - Cache place

/// Where sessions are kept, as `DAYPASS_CACHE` says.
enum CachePlace: String, CaseIterable {
  /// In the kernel, and in the keyring where the kernel refuses.
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
  /// The time span in a variable; nil where it is unset or empty.
  func time(_ name: String) throws(CommandError) -> SessionDuration? {
    guard let text = self[name], !text.isEmpty else { return nil }
    guard let duration = SessionDuration(text) else { throw .invalidTime(variable: name, text) }
    return duration
  }
}
