import AWSDouble
import Foundation

/// Looks for the secrets of a scene where none may be, in every form they could have.
struct SecretSweep {
  private let scene: Scene
  private let forms: [SecretForms]

  init(_ scene: Scene) {
    self.scene = scene
    forms = scene.double.secrets.map(SecretForms.init)
  }

  /// Which secrets and codes `bytes` hold, by their beginnings; a document may hold secrets as they are.
  func leaks(in bytes: [UInt8], meant: Bool = false) -> [String] {
    secrets(in: bytes, meant: meant) + codes(in: bytes)
  }

  func secrets(in bytes: [UInt8], meant: Bool = false) -> [String] {
    let data = Data(bytes)
    return forms.flatMap { forms in
      (meant ? forms.encoded : forms.encoded + [forms.raw]).filter { data.range(of: Data($0)) != nil }
    }.map { String(decoding: $0.prefix(12), as: UTF8.self) }
  }

  /// The files of the scene that hold a secret, but for the keyring's own and those in `given`, which came with one.
  func files(except given: Set<String> = []) throws -> [String] {
    let root = scene.scratch.path
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
      let path = "\(root)/\(path)"
      guard !path.hasPrefix(scene.keyring.folder), !given.contains(path), isFile(path) else { return false }
      return FileManager.default.contents(atPath: path).map { !leaks(in: Array($0)).isEmpty } ?? false
    }.map { "\(root)/\($0)" }
  }

  /// MFA codes that were typed, as numbers of their own.
  private func codes(in bytes: [UInt8]) -> [String] {
    let numbers = bytes.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return numbers.map { String(decoding: $0, as: UTF8.self) }.filter(scene.usedCodes.contains)
  }

  /// Not the link to the binary.
  private func isFile(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }
}
