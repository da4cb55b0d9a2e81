internal import Secrets

/// What a call of `SecretStore` returns. Reading it as another call's answer throws `.workerEnded`: a worker that
/// answers what was not asked is none.
enum KeyringAnswer: ~Copyable {
  /// nil where there is no such item.
  case secret(SecretBytes?)
  case done
  case items([ListedItem])

  consuming func secret() throws(KeyringError) -> SecretBytes? {
    switch consume self {
    case .secret(let secret): return secret
    case .done: throw .workerEnded
    case .items: throw .workerEnded
    }
  }

  consuming func done() throws(KeyringError) {
    switch consume self {
    case .done: return
    case .secret: throw .workerEnded
    case .items: throw .workerEnded
    }
  }

  consuming func items() throws(KeyringError) -> [ListedItem] {
    switch consume self {
    case .items(let items): return items
    case .secret: throw .workerEnded
    case .done: throw .workerEnded
    }
  }
}
