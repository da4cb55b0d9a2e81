package import Secrets

/// The keyring, asked through a worker process that is killed when it does not answer in time.
///
/// A worker serves many calls; one that met an error serves no other. Close the store before an execve(2), which would
/// otherwise hand the dead worker to a program that does not expect a child.
package final class WorkerStore: SecretStore {
  private let program: WorkerProgram
  private let environment: WorkerEnvironment
  private let deadlines: KeyringDeadlines
  private let progress: (KeyringPhase) -> Void
  private var idle: WorkerProcess?
  /// One that has answered all that it was started for, and is ending.
  private var ended: WorkerProcess?
  private var expectsOneQuestion = false
  /// What can be got ready, once, while the first answer is awaited.
  package var meanwhile: () -> Void = {}

  /// `environment` is the user's; what a worker must not see is left out of it. `progress` hears when a dialog opens and
  /// closes, so that a terminal can say what is being waited for.
  package init(
    program: WorkerProgram, environment: [String: String], deadlines: KeyringDeadlines = KeyringDeadlines(),
    progress: @escaping (KeyringPhase) -> Void = { _ in }
  ) {
    self.program = program
    self.environment = WorkerEnvironment(of: environment)
    self.deadlines = deadlines
    self.progress = progress
  }

  /// Starts the worker for a caller that is going to ask once, so that it gets ready meanwhile, and ends when it has
  /// answered. What goes wrong is said when it is asked.
  package func prepareForOneQuestion() {
    guard !idle.exists else { return }
    expectsOneQuestion = true
    do throws(KeyringError) { idle = try WorkerProcess(program, environment: environment) } catch {}
  }

  /// Ends the worker; the next call starts another.
  package func close() {
    idle = nil
    ended = nil
  }

  package func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    try answer(to: .secret(item)).secret()
  }

  package func save(
    _ secret: borrowing SecretBytes, for item: ItemID, label: String
  ) throws(KeyringError) {
    guard !secret.isEmpty else { throw .emptySecret }
    guard secret.count <= ItemSchema.largestSecret else { throw .tooLarge(limit: ItemSchema.largestSecret) }
    try answer(to: .save(secret.clone(), item, label: label)).done()
  }

  package func remove(_ item: ItemID) throws(KeyringError) {
    try answer(to: .remove(item)).done()
  }

  package func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem] {
    try answer(to: .items(kind)).items()
  }

  /// Asks the idle worker, or a new one; where what it was connected to is gone, once more another.
  ///
  /// A service that ended is started again by a stock session bus, locked: only the second answer tells.
  private func answer(to request: consuming KeyringRequest) throws(KeyringError) -> KeyringAnswer {
    let question = request.encoded()
    do throws(KeyringError) {
      return try answer(to: question, by: worker())
    } catch {
      guard error.isOfALostConnection else { throw error }
      return try answer(to: question, after: error)
    }
  }

  /// Asks a new worker; where there is no service any more, the first failure tells more.
  private func answer(
    to question: borrowing SecretBytes, after failure: KeyringError
  ) throws(KeyringError) -> KeyringAnswer {
    do throws(KeyringError) {
      return try answer(to: question, by: newWorker())
    } catch {
      throw error == .noService ? failure : error
    }
  }

  private func worker() throws(KeyringError) -> WorkerProcess {
    if let worker = idle.take() { return worker }
    return try newWorker()
  }

  private func newWorker() throws(KeyringError) -> WorkerProcess {
    try WorkerProcess(program, environment: environment)
  }

  private func answer(
    to question: borrowing SecretBytes, by worker: consuming WorkerProcess
  ) throws(KeyringError) -> KeyringAnswer {
    var worker = worker
    let call = WorkerCall(deadlines: deadlines, progress: progress, meanwhile: meanwhile)
    meanwhile = {}
    let answer = try call.answer(to: question, from: &worker)
    if expectsOneQuestion {
      expectsOneQuestion = false
      worker.end()
      ended = consume worker
    } else {
      idle = consume worker
    }
    return answer
  }
}

extension KeyringError {
  /// Whether a new connection may do better. Every request may be repeated: saving replaces, removing may find nothing.
  fileprivate var isOfALostConnection: Bool {
    switch self {
    case .noService, .serviceEnded, .changed, .workerEnded: true
    case .noBus, .unusableBus, .noCollection, .locked, .noPrompter, .dismissed, .timedOut, .plainTransport, .damaged,
      .ambiguous, .notStored, .notWritten, .emptySecret, .tooLarge, .libraryMissing, .service:
      false
    }
  }
}

// MARK: - Keyring deadlines

/// How long each phase of a keyring call may take.
package struct KeyringDeadlines: Sendable {
  /// While nobody but programs are asked.
  package var asking: Duration
  /// While a dialog is open.
  package var unlocking: Duration
  /// While the service writes to disk.
  package var writing: Duration

  package init(
    asking: Duration = .seconds(2), unlocking: Duration = .seconds(120), writing: Duration = .seconds(5)
  ) {
    self.asking = asking
    self.unlocking = unlocking
    self.writing = writing
  }

  subscript(phase: KeyringPhase) -> Duration {
    switch phase {
    case .asking: asking
    case .unlocking: unlocking
    case .writing: writing
    }
  }
}

/// How far a keyring call has come; it decides how long an answer may take.
package enum KeyringPhase: UInt8, CaseIterable, Sendable {
  /// Connecting, searching, reading: no human is involved.
  case asking
  /// A dialog asks the user for the keyring's password.
  case unlocking
  /// The service is writing to disk.
  case writing
}

// MARK: - Worker call

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
