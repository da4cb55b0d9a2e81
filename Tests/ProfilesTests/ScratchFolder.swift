import Foundation
import Profiles

/// A folder of its own for a test, removed with it.
final class ScratchFolder {
  let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "daypass-profiles-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  func path(_ name: String) -> String { root + "/" + name }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: URL(filePath: path(name)), encoding: .utf8)
  }

  /// The names of everything in it, sorted.
  func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }

  func files() throws -> ConfigFiles {
    try ConfigFiles(
      environment: ["AWS_CONFIG_FILE": path("config"), "AWS_SHARED_CREDENTIALS_FILE": path("credentials")])
  }
}
