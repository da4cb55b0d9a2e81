import Foundation

extension RotationScene {
  /// Whether a file of the scene holds `secret`; what the test itself typed does not count.
  func isOnDisk(_ secret: String) throws -> Bool {
    let files = FileManager.default.enumerator(atPath: scene.scratch.path)
    while let name = files?.nextObject() as? String {
      let path = scene.scratch.path(name)
      // A file that the keyring has renamed or removed meanwhile has no type.
      let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard type == .typeRegular, name != "trace", let data = FileManager.default.contents(atPath: path) else {
        continue
      }
      if data.range(of: Data(secret.utf8)) != nil { return true }
    }
    return false
  }
}
