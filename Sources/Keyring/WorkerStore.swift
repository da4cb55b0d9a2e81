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

  /// Ends the worker; the next call starts another.
  package func close() { idle = nil }

  package func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    try answer(to: .secret(item)).secret()
  }

  package func save(
    _ secret: borrowing SecretBytes, for item: ItemID, label: String
  ) throws(KeyringError) {
    guard !secret.isEmpty else { throw .emptySecret }
    guard secret.count <= Self.largestSecret else { throw .tooLarge(limit: Self.largestSecret) }
    try answer(to: .save(secret.clone(), item, label: label)).done()
  }

  package func remove(_ item: ItemID) throws(KeyringError) {
    try answer(to: .remove(item)).done()
  }

  package func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ItemID] {
    try answer(to: .items(kind)).items()
  }

  /// Leaves room in a frame for the name and the label.
  private static let largestSecret = 1 << 20

  /// Asks the idle worker, or a new one where there is none or what it was connected to is gone.
  private func answer(to request: consuming KeyringRequest) throws(KeyringError) -> KeyringAnswer {
    let question = request.encoded()
    guard let worker = idle.take() else { return try answerOfNewWorker(to: question) }
    do throws(KeyringError) {
      return try answer(to: question, by: worker)
    } catch {
      guard error.isOfAnOldConnection else { throw error }
      return try answerOfNewWorker(to: question, after: error)
    }
  }

  /// A service that ended in the middle of the call before is not reported as one that was never there.
  private func answerOfNewWorker(
    to question: borrowing SecretBytes, after first: KeyringError? = nil
  ) throws(KeyringError) -> KeyringAnswer {
    do throws(KeyringError) {
      return try answer(to: question, by: WorkerProcess(program, environment: environment))
    } catch {
      throw error == .noService ? first ?? error : error
    }
  }

  private func answer(
    to question: borrowing SecretBytes, by worker: consuming WorkerProcess
  ) throws(KeyringError) -> KeyringAnswer {
    let call = WorkerCall(deadlines: deadlines, progress: progress, meanwhile: meanwhile)
    meanwhile = {}
    let answer = try call.answer(to: question, from: worker.channel)
    idle = consume worker
    return answer
  }
}

extension KeyringError {
  /// Whether a new connection may do better. Every request may be repeated: saving replaces, removing may find nothing.
  fileprivate var isOfAnOldConnection: Bool {
    switch self {
    case .noService, .serviceEnded, .workerEnded: true
    case .noBus, .unusableBus, .noCollection, .locked, .dismissed, .timedOut, .plainTransport, .damaged, .ambiguous,
      .notStored, .emptySecret, .tooLarge, .libraryMissing, .service:
      false
    }
  }
}
