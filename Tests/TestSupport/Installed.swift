internal import Foundation

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

  /// An executable of this package, beside the test bundle in the build folder.
  package static func product(_ name: String) -> String {
    let ourselves = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: ourselves).deletingLastPathComponent().appendingPathComponent(name).path
  }
}
