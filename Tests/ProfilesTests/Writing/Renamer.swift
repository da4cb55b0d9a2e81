import Foundation
import Synchronization

/// Somebody who puts one thing after the other in the place of `config`: a file, a pipe, another name of a file.
final class Renamer: @unchecked Sendable {
  private let folder: String
  private let victim: String
  private let isOver = Atomic(false)
  private let done = DispatchSemaphore(value: 0)
  private var count = 0

  init(in folder: String, linking victim: String) {
    (self.folder, self.victim) = (folder, victim)
    Thread.detachNewThread { [self] in
      while !isOver.load(ordering: .relaxed) { plant() }
      done.signal()
    }
  }

  /// How often something was planted.
  func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    done.wait()
    return count
  }

  private func plant() {
    let new = folder + "/planted"
    switch count % 3 {
    case 0: _ = FileManager.default.createFile(atPath: new, contents: Data("[profile a]\n".utf8))
    case 1: mkfifo(new, 0o600)
    default: link(victim, new)
    }
    rename(new, folder + "/config")
    count += 1
  }
}
