internal import Secrets

/// One question to a worker, and the wait for its answer.
struct WorkerCall {
  let deadlines: KeyringDeadlines
  let progress: (KeyringPhase) -> Void
  let meanwhile: () -> Void

  /// What the call returns. Throws what the worker threw, `.timedOut`, or `.workerEnded`.
  func answer(
    to question: borrowing SecretBytes, from worker: inout WorkerProcess
  ) throws(KeyringError) -> KeyringAnswer {
    var phase = KeyringPhase.asking
    do throws(ChannelError) {
      try worker.channel.send(question, before: deadline(of: worker, in: phase))
    } catch { throw meaning(of: error, in: phase) }
    meanwhile()
    while true {
      let reply = try next(from: worker, in: phase)
      switch consume reply {
      case .progress(let next):
        // The same phase again says that the keyring is slow, but answers.
        if next != phase { progress(next) }
        phase = next
      case .service(let process): worker.service = process
      case .failure(let error): throw error
      case .answer(let answer): return answer
      }
    }
  }

  private func next(
    from worker: borrowing WorkerProcess, in phase: KeyringPhase
  ) throws(KeyringError) -> KeyringReply {
    do throws(ChannelError) {
      return try KeyringReply(decoding: worker.channel.receive(before: deadline(of: worker, in: phase)))
    } catch { throw meaning(of: error, in: phase) }
  }

  private func deadline(of worker: borrowing WorkerProcess, in phase: KeyringPhase) -> Deadline {
    Deadline(
      after: deadlines[phase], extendedBy: BusyTime(of: worker.identifier, askingFrom: worker.service))
  }

  private func meaning(of error: ChannelError, in phase: KeyringPhase) -> KeyringError {
    switch error {
    case .late: .timedOut(seconds: Int(deadlines[phase].components.seconds), unlocking: phase == .unlocking)
    case .closed, .malformed: .workerEnded
    }
  }
}
