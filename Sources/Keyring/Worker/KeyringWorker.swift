import CLinux
import Glibc
internal import Secrets

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
