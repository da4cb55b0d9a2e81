import CLibsecret

/// An encrypted session with the Secret Service, for secrets to cross the bus in.
@safe
final class ServiceSession {
  private let reference: GObjectReference

  /// Opens it on the session bus of this process. Throws `.noService`, `.plainTransport`.
  init(in library: Libsecret) throws(KeyringError) {
    let service = unsafe try library.checked { call, error in unsafe libsecret_open_session(call, error) }
    guard let service = unsafe service else { throw .noService }
    reference = unsafe GObjectReference(owning: UnsafeMutableRawPointer(service), of: library)
    try demandEncryption()
  }

  var service: UnsafeMutablePointer<SecretService> {
    unsafe reference.pointer.assumingMemoryBound(to: SecretService.self)
  }

  /// libsecret falls back to a session in clear without a word.
  private func demandEncryption() throws(KeyringError) {
    let algorithms = unsafe reference.library.call.secret_service_get_session_algorithms(service)
    guard let algorithms = unsafe algorithms, unsafe String(cString: algorithms).hasPrefix("dh-") else {
      throw .plainTransport
    }
  }
}
