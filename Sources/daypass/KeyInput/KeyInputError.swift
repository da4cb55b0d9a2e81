/// What is wrong with a key that `add` was given.
enum KeyInputError: Error, Equatable {
  case missing(Part, from: KeyInput)
  /// Not 16 to 128 letters, digits and underscores.
  case invalidAccessKeyID
  /// A secret with white space or control characters in it.
  case invalidSecret
  /// A key id that starts with `ASIA`, or a session token beside it.
  case temporary
  case unreadable(path: String, errno: Int32)
  /// A device or socket, which may never end.
  case notRegular(path: String)
  /// Nobody wrote to a pipe, or its writer did not come to an end.
  case silentPipe(path: String)
  /// In bytes.
  case tooLarge(path: String, limit: Int)
  /// No columns for key id and secret.
  case noColumns(path: String)

  enum Part: Equatable { case accessKeyID, secretAccessKey }
}
