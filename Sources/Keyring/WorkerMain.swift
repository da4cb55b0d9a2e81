import CLinux
import Glibc
internal import Secrets

/// How far a keyring call has come, told to whoever waits for it.
struct CallProgress {
  /// Often enough for the shortest deadline; each time is a message to another process.
  private static let pause = Duration.milliseconds(250)

  private let tell: (KeyringPhase) -> Void
  private var phase = KeyringPhase.asking
  private var told = ContinuousClock.now

  init(telling tell: @escaping (KeyringPhase) -> Void) { self.tell = tell }

  mutating func enter(_ phase: KeyringPhase) {
    self.phase = phase
    told = .now
    tell(phase)
  }

  /// The service has answered, and more has to be asked: a slow one is waited for as long as it goes on answering.
  mutating func goOn() {
    if ContinuousClock.now - told >= Self.pause { enter(phase) }
  }
}

// MARK: - Keyring worker

/// The process that talks to the keyring for daypass. It can be killed at any moment without harm to the keyring daemon,
/// whereas cancelling an unlock from within aborts gnome-keyring.
package enum KeyringWorker {
  /// Where `WorkerStore` puts the worker's end of the socket.
  package static let descriptor: Int32 = 3

  /// Serves requests until the other end is closed.
  package static func run(descriptor: Int32, environment: [String: String]) {
    _ = linux_set_parent_death_signal(SIGKILL)
    _ = linux_set_not_dumpable()
    let sender = ReplySender(FrameChannel(owning: descriptor))
    let store = LibsecretStore(
      environment: environment, progress: { sender.send(.progress($0)) }, found: { sender.send(.service($0)) })
    // While the first request is on its way; a missing library is said in answer to it.
    Libsecret.load()
    while let request = sender.nextRequest() {
      // On a busy machine the start of a process takes its time, too.
      store.begin()
      guard sender.send(reply(to: request, from: store)) else { return }
    }
  }

  private static func reply(to request: consuming KeyringRequest, from store: LibsecretStore) -> KeyringReply {
    do throws(KeyringError) {
      return .answer(try answer(request, from: store))
    } catch {
      return .failure(error)
    }
  }

  private static func answer(
    _ request: consuming KeyringRequest, from store: LibsecretStore
  ) throws(KeyringError) -> KeyringAnswer {
    switch consume request {
    case .secret(let item):
      return .secret(try store.secret(for: item))
    case .save(let secret, let item, let label):
      try store.save(secret, for: item, label: label)
      return .done
    case .remove(let item):
      try store.remove(item)
      return .done
    case .items(let kind):
      return .items(try store.items(ofKind: kind))
    }
  }
}

// MARK: - Reply sender

/// The worker's end of the socket, shared by its loop and by the store that reports progress.
final class ReplySender {
  private let channel: FrameChannel

  init(_ channel: consuming FrameChannel) { self.channel = channel }

  /// The next request; nil where daypass is gone or sent nonsense, which is the same to us.
  func nextRequest() -> KeyringRequest? {
    do { return try KeyringRequest(decoding: channel.receive(before: .never)) } catch { return nil }
  }

  /// Tells whether somebody is left to hear it.
  @discardableResult
  func send(_ reply: consuming KeyringReply) -> Bool {
    do {
      try channel.send(reply.encoded(), before: .never)
      return true
    } catch {
      return false
    }
  }
}
