import Foundation

/// The inputs kept beside the targets: what a fuzzer starts from, and what once showed a bug.
enum Corpus {
  static func seeds(of target: FuzzTarget, file: String = #filePath) throws -> [[UInt8]] {
    let folder = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Corpus/\(target.rawValue)")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
  }
}
