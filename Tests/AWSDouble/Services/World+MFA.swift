extension World {
  /// Whether the call proves MFA by itself; throws what AWS says of a wrong serial or code. A right code is spent by it.
  mutating func checkMFA(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> Bool {
    let serial = try parameters.text("SerialNumber", 9...256, others: "+=/:,.@-")
    let code = parameters["TokenCode"]
    guard serial != nil || code != nil else { return false }
    guard let serial, let code else { throw .halfOfMFA }
    guard code.utf8.count == 6, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      // Not by `constraint`: its text would repeat the code.
      throw .validation(
        "1 validation error detected: Value at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*"
      )
    }
    guard let device = device(serial, of: caller.identity) else { throw .foreignSerial }
    guard codes.accept(code, from: device, at: now) else { throw .invalidCode }
    return true
  }

  private func device(_ serial: String, of identity: Identity) -> VirtualMFADevice? {
    switch identity {
    case .user(let name): account[user: name]?.mfaDevices.first { $0.serial == serial }
    case .role: nil
    }
  }
}
