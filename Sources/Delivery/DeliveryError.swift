/// Why credentials could not be handed over.
package enum DeliveryError: Error, Equatable {
  /// A value that no receiver may get; `name` is the environment variable or JSON member it was meant for.
  case unusableValue(name: String, problem: ValueProblem)
  /// A value that this format cannot carry, though others can.
  case unusableInFormat(name: String, format: ExportFormat)
  /// No file of this name, neither in `PATH` nor, where it has a slash, at this path.
  case commandNotFound(String)
  /// There is a file, but the kernel will not run it.
  case commandNotExecutable(path: String, reason: NotExecutable)
  /// write(2) failed with this errno, so what was written may be cut off.
  case outputFailed(errno: Int32)

  /// A file that was to be made is there already, or a link of that name is.
  case fileExists(path: String)
  /// A file could not be made, written in full or removed.
  case fileFailed(path: String, errno: Int32)

  package enum ValueProblem: String, Equatable, Sendable {
    case empty, controlCharacter, notUTF8
  }

  package enum NotExecutable: Equatable, Sendable {
    case noPermission, directory
    /// The command's arguments and environment are larger than the kernel takes.
    case argumentsTooLong
    /// The program that the file's first line or ELF header names is missing.
    case interpreterMissing
    /// Any other errno of execve(2).
    case other(errno: Int32)
  }
}
