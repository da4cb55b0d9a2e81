/// How far a keyring call has come, told to whoever waits for it.
struct CallProgress {
  /// Often enough for the shortest deadline; each time is a message to another process.
  private static let pause = Duration.milliseconds(250)

  private let tell: (KeyringPhase) -> Void
  private var phase = KeyringPhase.asking
  private var told = ContinuousClock.now

  init(telling tell: @escaping (KeyringPhase) -> Void) { self.tell = tell }

  mutating func enter(_ phase: KeyringPhase) {
    self.phase = phase
    told = .now
    tell(phase)
  }

  /// The service has answered, and more has to be asked: a slow one is waited for as long as it goes on answering.
  mutating func goOn() {
    if ContinuousClock.now - told >= Self.pause { enter(phase) }
  }
}
