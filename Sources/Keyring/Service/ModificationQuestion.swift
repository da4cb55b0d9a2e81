/// The question when the service last stored an item, sent to it.
///
/// Asked for all properties at once, gnome-keyring takes longer than for two.
struct ModificationQuestion {
  private let answer: PendingAnswer

  init(_ item: FoundItem, to service: ServiceConnection) {
    answer = service.ask(.getProperty, at: item.path, "org.freedesktop.Secret.Item", "Modified")
  }

  /// In seconds since 1970; nil where the service does not tell, as of a collection that was never unlocked. To be asked for
  /// once.
  func time() throws(KeyringError) -> Int? {
    do throws(KeyringError) {
      let time = try answer.wait()?.value(0)?.number
      return time == 0 ? nil : time
    } catch {
      guard case .service = error else { throw error }
      return nil
    }
  }
}
