import CTestSupport
package import Foundation
import Synchronization

/// A fresh folder for one test, private to us, removed with everything in it when its owner ends.
package final class ScratchFolder: Sendable {
  package let path: String

  package init() {
    var template = Array("/tmp/daypass-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("mkdtemp: \(errno)") }
    path = String(cString: made)
    CleanupProcess.add(.folder(path))
  }

  deinit {
    // What cannot be removed now can be when its processes have ended.
    if (try? FileManager.default.removeItem(atPath: path)) != nil { CleanupProcess.withdraw(.folder(path)) }
  }

  package func path(_ name: String) -> String { path + "/" + name }

  /// Makes a folder below this one, mode 0700, and gives its path.
  @discardableResult
  package func makeFolder(_ name: String) -> String {
    var folder = ""
    for part in name.split(separator: "/") {
      folder += (folder.isEmpty ? "" : "/") + part
      let made = mkdir(path(folder), 0o700)
      precondition(made == 0 || errno == EEXIST, "cannot make \(path(folder)): \(errno)")
    }
    return path(name)
  }

  /// Writes or replaces a file below this folder and gives its path. A program is written by a process of its own: a
  /// child that another test starts may for a moment hold what is open here, and a program held for writing is busy.
  @discardableResult
  package func write(_ text: String, to name: String, mode: Int = 0o600) -> String {
    guard mode & 0o100 == 0 else { return install(text, as: name, mode: mode) }
    let made = FileManager.default.createFile(
      atPath: path(name), contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    precondition(made, "cannot write \(path(name))")
    return path(name)
  }

  private func install(_ text: String, as name: String, mode: Int) -> String {
    let call = ["install", "-m", String(mode, radix: 8), "/dev/stdin", path(name)]
    let ended = ChildProcess.run(call, environment: [:], input: text)
    precondition(ended.status == 0, "cannot write \(path(name)): \(ended.errors)")
    return path(name)
  }

  package func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  /// The names of what is in it, or in a folder below it, sorted.
  package func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }
}

/// What a folder holds, to be compared before and after.
package enum Files {
  package static func contents(below folder: String) -> [String: Data] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return names.reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: folder + "/" + $1) }
  }
}

// MARK: - Swapper

/// Somebody who has two paths change places, again and again, so that whoever uses one meets now this, now that.
package final class Swapper: @unchecked Sendable {
  private let isOver = Atomic(false)
  private let done = DispatchSemaphore(value: 0)
  private var count = 0

  package init(_ one: String, _ other: String) {
    Thread.detachNewThread { [self] in
      while !isOver.load(ordering: .relaxed), test_exchange(one, other) == 0 { count += 1 }
      done.signal()
    }
  }

  /// How often they changed places.
  package func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    done.wait()
    return count
  }
}
