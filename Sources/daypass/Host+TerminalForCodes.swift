import Console

extension Host {
  /// The terminal on which codes are asked for. Throws `noTerminal`.
  func terminalForCodes() throws(MFADeviceError) -> Terminal {
    guard let terminal = Terminal.foreground() else { throw .noTerminal }
    return terminal
  }
}
