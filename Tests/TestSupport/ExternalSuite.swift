package import Foundation

/// A folder of test cases that others publish, kept beside the checkout (`../shared/suites`) or in `DAYPASS_SUITES`.
package struct ExternalSuite: Sendable {
  package let folder: URL

  /// The suite at `path` inside the folder of suites: `sigv4/aws-c-auth/v4`.
  package init(_ path: String) {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let suites =
      ProcessInfo.processInfo.environment["DAYPASS_SUITES"].map { URL(filePath: $0) }
      ?? package.deletingLastPathComponent().appending(path: "shared/suites")
    folder = suites.appending(path: path)
  }

  package var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  /// The names in the suite's folder, sorted; none where the suite is absent.
  package var names: [String] {
    isPresent ? ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() : []
  }

  package func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }
}
