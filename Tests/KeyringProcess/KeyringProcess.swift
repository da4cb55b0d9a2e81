import Foundation
import Keyring
import Secrets

/// Carries out the requests on its standard input with a `SecretServiceStore` of its environment, until the input ends.
@main
struct KeyringProcess {
  static func main() throws {
    let times = CommandLine.arguments.dropFirst().compactMap(Int.init).map(Duration.milliseconds)
    let store = SecretServiceStore(
      environment: ProcessInfo.processInfo.environment, timeouts: KeyringTimeouts(answer: times[0], dialog: times[1])
    ) { phase in print(.phase("\(phase)")) }
    while let line = readLine() {
      let request = try JSONDecoder().decode(StoreRequest.self, from: Data(line.utf8))
      do throws(SecretStoreError) { print(.done(try result(of: request, from: store))) } catch { print(.failed(error)) }
    }
  }

  private static func result(
    of request: StoreRequest, from store: SecretServiceStore
  ) throws(SecretStoreError) -> StoreReply.Result {
    switch request {
    case .secret(let item):
      let secret = try store.secret(for: item)
      let bytes = secret.withValue { Data($0.array) }
      return StoreReply.Result(secret: bytes)
    case .save(let bytes, let item):
      try store.save(SecretBytes(copying: [UInt8](bytes).span), for: item)
    case .remove(let item): try store.remove(item)
    case .items(let kind): return StoreReply.Result(items: try store.items(ofKind: kind))
    case .state: return StoreReply.Result(state: "\(try store.state())")
    case .unlock(let password): try store.unlock(password: SecretBytes(copying: password))
    case .createKeyring(let password): try store.createKeyring(password: SecretBytes(copying: password))
    }
    return StoreReply.Result()
  }

  private static func print(_ reply: StoreReply) {
    guard let line = try? JSONEncoder().encode(reply) else { return }
    FileHandle.standardOutput.write(line + Data("\n".utf8))
  }
}
