import CLibsecret

extension ServiceConnection {
  /// Asks the user, through the service's own dialog, for as long as the user takes. Tells whether it is open now.
  ///
  /// Throws `.serviceEnded` where the service ends while its dialog is open. libsecret 0.20's own unlocking does not
  /// return then.
  func unlock(collection path: String) throws(KeyringError) -> Bool {
    guard try accepts(unlocking: path) else { return false }
    return try !isLocked(collection: path)
  }

  /// The same for one item: some services, KeePassXC among them, lock each for itself.
  func unlock(_ item: FoundItem) throws(KeyringError) -> Bool {
    guard try accepts(unlocking: item.path) else { return false }
    return try !isLocked(item: item.path)
  }

  /// Whether the user lets us have what is at `path`, or needs not to be asked.
  private func accepts(unlocking path: String) throws(KeyringError) -> Bool {
    let answer = unsafe try answer(
      to: .unlock, at: Self.root, Variant.arguments(paths: [path], in: library))
    guard let prompt = answer?.value(1)?.text, prompt != "/" else { return true }
    return try accepts(prompt: prompt)
  }

  /// Shows a prompt; false where the user dismissed it.
  private func accepts(prompt path: String) throws(KeyringError) -> Bool {
    let watch = PromptWatch(prompt: path, of: self)
    _ = try call(.prompt, at: path, "")
    switch watch.wait() {
    case .completed: return true
    case .dismissed: return false
    case .serviceGone: throw .serviceEnded
    }
  }
}
