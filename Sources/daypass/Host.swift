import AWSServices
import AWSValues
import Console
import Delivery
import FoundationEssentials
import Glibc
import HTTP
import Keyring
import Profiles
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

  var keys: LongTermKeys { LongTermKeys(store: TellingStore(store, to: diagnostics)) }

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

  /// A client that reaches AWS as `connection` says.
  func client(for connection: Connection) throws -> AWSClient {
    let transport = CurlTransport(
      userAgent: "daypass/\(DaypassCommand.version)", caBundle: connection.caBundle,
      proxies: ProxySettings(environment: environment))
    let surroundings = Surroundings(
      now: now, random: { Double.random(in: 0...1) }, pause: Self.pause,
      clockIsOff: { [diagnostics] in diagnostics.warn(Explained.clock(isOffBy: $0) + "; AWS's time is used") })
    return AWSClient(
      connection: connection, transport: TellingTransport(transport: transport, diagnostics: diagnostics),
      surroundings: surroundings)
  }

  static func pause(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = timespec()
    while unsafe nanosleep(&time, &left) != 0, errno == EINTR { time = left }
  }
}
