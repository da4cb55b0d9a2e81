import Foundation

/// Looks for secrets where none may be.
struct SecretSweep {
  let mask: Mask
  let scene: Scene

  /// The files of the scene that hold a secret, but for the keyring's own and those in `given`, which came with one.
  func files(except given: [String]) throws -> [String] {
    let root = scene.scratch.path
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
      guard !path.hasPrefix("data/keyrings/"), !given.contains("\(root)/\(path)") else { return false }
      return FileManager.default.contents(atPath: "\(root)/\(path)").map(holdsSecret) ?? false
    }
  }

  func holdsSecret(_ bytes: Data) -> Bool {
    let text = mask(String(decoding: bytes, as: UTF8.self))
    return Mask.secretNames.contains { text.contains($0) }
  }
}
