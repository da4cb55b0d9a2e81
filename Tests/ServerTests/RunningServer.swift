import Foundation
import NIOHTTP1
import POSIX
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Server

/// A server with one profile or two, whose renewals and clock are the test's.
final class RunningServer: Sendable {
  let port: Int
  let token = Token()
  let otherToken = Token()
  let supply: ScriptedSupply
  private let server: CredentialServer

  init(
    minutes: Double = 60, requestTimeout: Duration = .seconds(60), patience: Duration = ScriptedSupply.patience
  ) throws {
    let listener = try LoopbackListener(backlog: 256)
    port = Int(listener.port)
    supply = try ScriptedSupply(minutes: minutes, patience: patience)
    let other = try ScriptedSupply(id: "ASIAOTHEREXAMPLE")
    let rules = RequestRules([
      "/p/prod": (token: token, supply: supply.supply), "/p/other": (token: otherToken, supply: other.supply),
    ])
    let log = Log()
    server = try CredentialServer(on: listener, rules, requestTimeout: requestTimeout) { log.add($0) }
    self.log = log
  }

  private let log: Log

  deinit { try? server.stop() }

  /// The answers that were observed, as `200 /p/prod`.
  var lines: [String] { log.lines.withLock { $0 } }

  var host: String { "127.0.0.1:\(port)" }
  var tokenText: String { token.clone().revealed() ?? "" }

  func connect() -> RawClient { RawClient(port: port) }

  /// The answer to a request in which `HOST`, `PORT`, `TOKEN` and `OTHER` are filled in.
  func send(_ text: String) -> RawAnswer {
    let client = connect()
    client.write(filled(text))
    return client.answer()
  }

  func filled(_ text: String) -> String {
    text.replacing("HOST", with: host).replacing("PORT", with: "\(port)").replacing("TOKEN", with: tokenText)
      .replacing("OTHER", with: otherToken.clone().revealed() ?? "")
  }

  /// A request as an SDK sends it.
  static let good = "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\nAccept: application/json\r\n\r\n"

  func get() -> RawAnswer { send(Self.good) }

  func stop() throws { try server.stop() }

  private final class Log: Sendable {
    let lines = Mutex<[String]>([])

    func add(_ answer: ObservedAnswer) {
      lines.withLock { $0.append("\(answer.status.code) \(answer.path ?? "-")") }
    }
  }
}

// MARK: - Scripted supply

/// A supply of credentials with a clock that the test sets, and renewals that the test finishes.
final class ScriptedSupply: Sendable {
  static let start = Date(timeIntervalSince1970: 1_900_000_000)
  /// Longer than a test takes, so that no client is sent away because the machine is busy.
  static let patience = Duration.seconds(60)

  let supply: CredentialSupply
  private let script: Script

  private final class Script: Sendable {
    struct State {
      var now = ScriptedSupply.start
      var pending: [(margin: Int, finish: @Sendable (Renewal) -> Void)] = []
      var begun = 0
      var notices: [SupplyNotice] = []
    }

    let state = Mutex(State())
  }

  init(minutes: Double = 60, id: String = "ASIAFIRSTEXAMPLE", patience: Duration = patience) throws {
    let script = Script()
    supply = CredentialSupply(
      try Self.held(minutes: minutes, id: id), now: { script.state.withLock { $0.now } },
      notice: { notice in script.state.withLock { $0.notices.append(notice) } },
      patience: patience,
      renew: { margin, finish in
        script.state.withLock { state in
          state.begun += 1
          state.pending.append((margin, finish))
        }
      })
    self.script = script
  }

  /// Credentials that end so many minutes after the start, as seen `after` so many.
  static func held(minutes: Double, id: String, after: Double = 0) throws -> HeldCredentials {
    let credentials = Credentials(
      accessKeyID: id, secretAccessKey: SecretBytes(copying: "secret+/="),
      sessionToken: SecretBytes(copying: "session token/"), expiration: start + minutes * 60, account: "123456789012")
    return try HeldCredentials(credentials, at: start + after * 60)
  }

  /// How many renewals were begun.
  var begun: Int { script.state.withLock { $0.begun } }
  var notices: [SupplyNotice] { script.state.withLock { $0.notices } }
  /// With how much time left the renewal that runs asks for new credentials.
  var margin: Int? { script.state.withLock { $0.pending.first?.margin } }

  /// Sets the clock to so many minutes after the start.
  func setClock(_ minutes: Double) { script.state.withLock { $0.now = Self.start + minutes * 60 } }

  /// Ends the renewal that runs.
  func finish(_ renewal: Renewal) throws {
    let pending = try #require(script.state.withLock { $0.pending.isEmpty ? nil : $0.pending.removeFirst() })
    pending.finish(renewal)
  }

  func renew(until minutes: Double, id: String) throws {
    let now = script.state.withLock { $0.now }.timeIntervalSince(Self.start) / 60
    try finish(.success(Self.held(minutes: minutes, id: id, after: now)))
  }
}
