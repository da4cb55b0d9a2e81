import AWSDouble
import AWSServices
import AWSValues
import Foundation
import HTTP
import Scenarios
import Secrets
import Synchronization
import TestSupport

/// A double whose clock runs only while a run pauses, and runs as its admin.
final class Rehearsal: Sendable {
  let double: AWSDouble
  private let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
  private let start = ContinuousClock.now
  private let hangingCall: Int?
  private let calls = Atomic<Int>(0)
  private let signalled = Atomic<Bool>(false)
  let events = Mutex<[ScenarioEvent]>([])

  /// What is done in IAM is seen `calls` later. The answer of `hangingCall`, counted from 0, is given up on soon; others
  /// are waited for, as long as a busy machine takes.
  init(calls: Int = 2, hangingCall: Int? = nil) throws {
    self.hangingCall = hangingCall
    double = try AWSDouble.start()
    double.clock = .fixed(clock.withLock { $0 })
    double.propagation = Propagation(calls: calls)
  }

  deinit {
    do { try double.stop() } catch { print(error) }
  }

  /// Lets time go by.
  func pass(_ time: Duration) {
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    double.clock = .fixed(
      clock.withLock { clock in
        clock += seconds
        return clock
      })
  }

  /// What Ctrl-C does.
  func interrupt() { signalled.store(true, ordering: .relaxed) }

  private func timekeeper(obeying: Bool) -> InterruptibleClock {
    let begin = Date(timeIntervalSince1970: 1_800_000_000)
    return InterruptibleClock(
      now: { [self] in clock.withLock { $0 } },
      instant: { [self] in start + .seconds(clock.withLock { $0 }.timeIntervalSince(begin)) },
      pause: { [self] time in
        if obeying, signalled.load(ordering: .relaxed) { return .interrupted }
        pass(time)
        return .over
      })
  }

  private func client(obeying: Bool) -> AWSClient {
    let endpoints = Dictionary(uniqueKeysWithValues: Connection.Service.allCases.map { ($0, double.url) })
    let transport = RehearsalTransport(
      isHanging: { [self] in calls.add(1, ordering: .relaxed).oldValue == hangingCall },
      isGivenUp: { [self] in obeying && signalled.load(ordering: .relaxed) })
    return AWSClient(
      connection: Connection(region: "us-east-1", endpoints: endpoints), transport: transport,
      dependencies: ClientDependencies(
        now: { [self] in clock.withLock { $0 } }, random: { 0 }, pause: { [self] in pass($0) }))
  }

  var iam: IAM { IAM(client(obeying: false)) }

  func admin() -> Credentials {
    Credentials(
      accessKeyID: "AKIAADMINMADEUPEXAMP",
      secretAccessKey: SecretBytes(copying: "adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00"))
  }

  /// Runs the scenario with codes of its device's seed.
  func run(_ scenario: Scenario, _ watch: @escaping (ScenarioEvent) -> Void = { _ in }) throws -> ScenarioReport {
    guard let names = ScenarioNames(run: "rehearsal") else { throw SetupFailure("no names") }
    let time = timekeeper(obeying: true)
    let tell = { (event: ScenarioEvent) in
      self.events.withLock { $0.append(event) }
      watch(event)
    }
    let client = client(obeying: true)
    let run = ScenarioRun(
      scenario, names, client, signedBy: admin(), time: time, codes: AutomaticCodes(client, time: time, tell: tell),
      tell: tell)
    return run.run(removingBy: teardown())
  }

  func teardown() -> Teardown {
    Teardown(iam, signedBy: admin(), time: timekeeper(obeying: false)) { event in
      self.events.withLock { $0.append(event) }
    }
  }

  func leftovers() throws -> Leftovers { try Leftovers(in: iam, signedBy: admin()) }

  /// What of ours the account holds.
  var remains: [String] {
    let account = double.account
    let names =
      account.users.map(\.name) + account.roles.map(\.arn)
      + account.users.flatMap { $0.mfaDevices.map(\.serial) } + account.unassignedMFADevices.map(\.serial)
    return names.filter { $0.contains(ScenarioNames.prefix) }
  }
}

/// Waits for the answers of all calls but of the one that is known to hang.
struct RehearsalTransport: HTTPTransport, Sendable {
  let isHanging: @Sendable () -> Bool
  let isGivenUp: @Sendable () -> Bool

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    var timeouts = CurlTransport.Timeouts()
    timeouts.total = isHanging() ? .milliseconds(250) : .seconds(30)
    return try CurlTransport(userAgent: "daypass/test", timeouts: timeouts, isGivenUp: isGivenUp).send(request)
  }
}
