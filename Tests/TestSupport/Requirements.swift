package import Foundation
import Glibc

/// The programs that some tests need and cannot bring along.
package enum Installed {
  package static func has(_ programs: String...) -> Bool {
    programs.allSatisfy { path(of: $0) != nil }
  }

  /// Where PATH, or the folders of a Debian system, have `program`.
  package static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (folders + ["/usr/bin", "/usr/sbin", "/bin"]).lazy.map { $0 + "/" + program }
      .first { access($0, X_OK) == 0 }
  }
}

// MARK: - External suite

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

  /// The names in the suite's folder, sorted; none if the suite is absent.
  package var names: [String] {
    isPresent ? ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() : []
  }

  package func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }
}

/// Says a number that the table at the end of the run shows, and README quotes.
package func publish(figure name: String, _ value: some CustomStringConvertible) {
  var line = Array("figure: \(name) = \(value)\n".utf8)[...]
  // In one write(2) if possible: print's buffer would tear lines apart among those of other tests.
  while !line.isEmpty {
    let count = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    guard count > 0 else { return }
    line = line.dropFirst(count)
  }
}

/// The long run, `make soak`: what `make test` does for some rounds goes on for more.
package enum Soak {
  package static let isOn = getenv("DAYPASS_SOAK") != nil

  /// How often to do something: `usual` times in `make test`.
  package static func rounds(_ usual: Int, soak: Int) -> Int { isOn ? soak : usual }
}

/// What a test needs did not come to be; this says nothing about what it tests.
package struct SetupFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
