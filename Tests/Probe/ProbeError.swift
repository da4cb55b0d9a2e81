enum ProbeError: Error {
  case noTerminal
  case noRoom
  case searchFindsNothing
}
