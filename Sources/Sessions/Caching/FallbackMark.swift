/// Tells later processes of this login that the Secret Service holds sessions: a file in the runtime folder.
package struct FallbackMark: Sendable {
  private static let name = "sessions-in-secret-service"
  private let folder: RuntimeFolder

  package init(in folder: RuntimeFolder) {
    self.folder = folder
  }

  var isSet: Bool { folder.has(Self.name) }

  func set() throws(LockError) {
    guard !isSet else { return }
    _ = try folder.file(Self.name)
  }
}
