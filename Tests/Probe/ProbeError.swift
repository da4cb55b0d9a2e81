enum ProbeError: Error {
  case noTerminal
}
