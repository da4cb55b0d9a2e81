import Foundation

/// Looks for secrets where none may be.
struct SecretSweep {
  let mask: Mask
  let scene: Scene

  /// The files of the scene that hold a secret, but for the keyring's own and those in `given`, which came with one.
  func files(except given: [String]) throws -> [String] {
    let root = scene.scratch.path
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
      let path = "\(root)/\(path)"
      guard !path.hasPrefix(scene.keyring.folder), !given.contains(path), isFile(path) else { return false }
      return FileManager.default.contents(atPath: path).map(holdsSecret) ?? false
    }
  }

  /// Not the link to the binary.
  private func isFile(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }

  func holdsSecret(_ bytes: Data) -> Bool {
    let text = mask(String(decoding: bytes, as: UTF8.self))
    return Mask.secretNames.contains { text.contains($0) }
  }
}
