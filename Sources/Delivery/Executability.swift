import Glibc

/// Whether a file can be run, as far as can be told without running it, or as execve(2) has told.
enum Executability: Equatable {
  case runnable
  /// execvp(3) goes on to the next folder of `PATH`.
  case missing
  case blocked(DeliveryError.NotExecutable)

  init(of path: [UInt8]) {
    var file = stat()
    guard unsafe stat(Self.cString(path), &file) == 0 else {
      self = Self.obstacle(errno)
      return
    }
    if file.st_mode & S_IFMT == S_IFDIR {
      self = .blocked(.directory)
    } else {
      let allowed = unsafe faccessat(AT_FDCWD, Self.cString(path), X_OK, AT_EACCESS) == 0
      self = allowed ? .runnable : Self.obstacle(errno)
    }
  }

  /// What `error`, the errno of execve(2), says about the file at `path`.
  init(of path: [UInt8], after error: Int32) {
    let seen = Executability(of: path)
    switch (Self.obstacle(error), seen) {
    // The file is there, so what is missing is the program that is to interpret it.
    case (.missing, .runnable): self = .blocked(.interpreterMissing)
    case (.blocked(.noPermission), .blocked): self = seen
    case (let obstacle, _): self = obstacle
    }
  }

  /// The errors after which execvp(3) looks further are `missing`; it remembers EACCES and stops at any other.
  private static func obstacle(_ error: Int32) -> Executability {
    switch error {
    case ENOENT, ENOTDIR, ESTALE, ENODEV, ETIMEDOUT: .missing
    case EACCES: .blocked(.noPermission)
    case E2BIG: .blocked(.argumentsTooLong)
    default: .blocked(.other(errno: error))
    }
  }

  private static func cString(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(bitPattern: $0) } + [0]
  }
}
