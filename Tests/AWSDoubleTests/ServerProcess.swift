import Foundation
import TestSupport

/// A started `aws-double`, in a scratch folder of its own.
struct ServerProcess {
  let process = Process()
  let input = Foundation.Pipe()
  private let scratch = ScratchFolder()

  private var folder: URL { URL(filePath: scratch.path) }

  var port: UInt16 {
    get throws {
      let url = try String(contentsOf: folder.appending(path: "port"), encoding: .utf8)
      return UInt16(url.dropFirst("http://127.0.0.1:".count)) ?? 0
    }
  }

  /// Returns once the port answers.
  init(state: String?) throws {
    let stateFile = folder.appending(path: "state.json")
    try state?.write(to: stateFile, atomically: false, encoding: .utf8)
    let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.executableURL = products.appending(path: "aws-double")
    process.arguments = ["--port-file", folder.appending(path: "port").path]
    process.arguments? += state.map { _ in ["--state", stateFile.path] } ?? []
    process.standardInput = input
    let watch = FolderWatch(folder.path)
    try process.run()
    LastWill.add(.process(process.processIdentifier))
    watch.wait()
  }

  /// The exit status.
  func end() throws -> Int32 {
    process.waitUntilExit()
    LastWill.withdraw(.process(process.processIdentifier))
    return process.terminationStatus
  }
}
