import Glibc

/// Finds the session bus that `environment` names, and makes sure that it is ours.
struct SessionBus {
  let environment: [String: String]

  /// The address of a bus that answers and runs under our user id. Throws `.noBus`, `.unusableBus`.
  func address() throws(KeyringError) -> BusAddress {
    let address = try named()
    if let problem = address.socket.problem() { throw .unusableBus(address: address.text, reason: problem) }
    return address
  }

  private func named() throws(KeyringError) -> BusAddress {
    guard let text = environment["DBUS_SESSION_BUS_ADDRESS"], !text.isEmpty else { return try standard() }
    guard let address = BusAddress(parsing: text) else { throw .unusableBus(address: text, reason: .notUnix) }
    return address
  }

  private func standard() throws(KeyringError) -> BusAddress {
    guard let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/") else { throw .noBus }
    let path = folder + "/bus"
    guard unsafe access(path, F_OK) == 0 else { throw .noBus }
    return BusAddress(path: path)
  }
}
