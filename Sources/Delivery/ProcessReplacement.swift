import Glibc
package import Secrets

/// The hand-over by which our process becomes the user's command, with credentials in its environment.
///
/// There is no child of ours: signals, job control and exit status are between the command and its parent, and execve(2)
/// takes away the memory in which credentials were.
package struct ProcessReplacement: Sendable {
  private let program: CommandProgram
  private let variables: CredentialVariables
  /// What our parent gave us.
  private let start: ProcessStart

  /// - Parameter command: the program's name and its arguments, as typed.
  package init(command: [[UInt8]], variables: CredentialVariables, from start: ProcessStart) {
    program = CommandProgram(command, in: start.environment)
    self.variables = variables
    self.start = start
  }

  /// Looks for the program. Call this before the keyring, AWS or the user are asked anything.
  package func check() throws(DeliveryError) {
    try program.check()
  }

  /// Runs the command in our place with what our parent gave us; returns only by throwing.
  ///
  /// - Throws: `commandNotFound`, `commandNotExecutable`, or `unusableValue` for a damaged credential.
  package func deliver(_ credentials: consuming Credentials) throws(DeliveryError) -> Never {
    let variables = try variables.vector(delivering: credentials, inherited: start.environment)
    start.state.restore()
    try unsafe program.start(with: variables) { path, arguments, variables in
      _ = unsafe execve(path, arguments, variables)
      return errno
    }
    throw program.notFound
  }
}

// MARK: - Command program

/// A command's program, looked for and started in the order and by the rules of execvp(3).
struct CommandProgram: Sendable {
  /// The program's name and its arguments, as typed.
  private let arguments: [[UInt8]]
  /// Paths to try, the first that runs wins.
  private let candidates: [[UInt8]]

  /// `environment` is the user's: the program is found as the user's shell would find it.
  init(_ command: [[UInt8]], in environment: EnvironmentBlock) {
    arguments = command
    let name = command.first ?? []
    guard !name.isEmpty, !name.contains(UInt8(ascii: "/")) else {
      candidates = name.isEmpty ? [] : [name]
      return
    }
    let path = environment.value(of: "PATH") ?? Array("/bin:/usr/bin".utf8)
    candidates = path.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { folder in
      // An empty entry is the current folder; `./` keeps a script's name from being taken for an option.
      folder.isEmpty ? Array("./".utf8) + name : folder + [UInt8(ascii: "/")] + name
    }
  }

  /// Looks before credentials are asked for; what counts in the end is the kernel's answer to execve(2), for the same
  /// candidates.
  ///
  /// - Throws: `commandNotFound`, or `commandNotExecutable` for the first file of that name that cannot be run.
  func check() throws(DeliveryError) {
    var obstacle: DeliveryError?
    for candidate in candidates {
      switch Executability(of: candidate) {
      case .runnable: return
      case .missing: continue
      case .blocked(let reason): obstacle = obstacle ?? Self.notExecutable(candidate, reason)
      }
    }
    throw obstacle ?? notFound
  }

  var notFound: DeliveryError { .commandNotFound(String(decoding: arguments.first ?? [], as: UTF8.self)) }

  private static func notExecutable(_ path: [UInt8], _ reason: DeliveryError.NotExecutable) -> DeliveryError {
    .commandNotExecutable(path: String(decoding: path, as: UTF8.self), reason: reason)
  }

  /// Has the kernel start a program at a path, with arguments and variables; gives the kernel's refusal, or 0.
  typealias Starter = (
    UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
    UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Int32

  /// Tries each candidate until one starts.
  func start(with variables: borrowing CStringVector, by starter: Starter) throws(DeliveryError) {
    var obstacle: DeliveryError?
    for candidate in candidates {
      guard let refusal = unsafe refusal(of: candidate, variables, starter) else { return }
      switch refusal {
      case .runnable, .missing: continue
      case .blocked(let reason):
        let error = Self.notExecutable(candidate, reason)
        guard reason.letsSearchGoOn else { throw error }
        obstacle = obstacle ?? error
      }
    }
    throw obstacle ?? notFound
  }

  /// Nil if the program has started.
  private func refusal(
    of path: [UInt8], _ variables: borrowing CStringVector, _ starter: Starter
  ) -> Executability? {
    let error = unsafe Self.start(path, arguments, variables, starter)
    guard error == ENOEXEC else { return error == 0 ? nil : Executability(of: path, after: error) }
    // A script without `#!`: execvp(3) gives it to the shell, and so do shells.
    let shell = Array("/bin/sh".utf8)
    let errorOfShell = unsafe Self.start(shell, [shell, path] + arguments.dropFirst(), variables, starter)
    return errorOfShell == 0 ? nil : Executability(of: shell, after: errorOfShell)
  }

  private static func start(
    _ path: [UInt8], _ arguments: [[UInt8]], _ variables: borrowing CStringVector, _ starter: Starter
  ) -> Int32 {
    let file = CStringVector([path])
    let vector = CStringVector(arguments)
    return unsafe file.withPointers { file in
      unsafe vector.withPointers { arguments in
        unsafe variables.withPointers { variables in
          guard let path = unsafe file.pointee else { return ENOENT }
          return unsafe starter(path, arguments, variables)
        }
      }
    }
  }
}

extension DeliveryError.NotExecutable {
  /// execvp(3) remembers a file it may not run and looks further; any other refusal ends its search.
  fileprivate var letsSearchGoOn: Bool {
    switch self {
    case .noPermission, .directory, .interpreterMissing: true
    case .argumentsTooLong, .other: false
    }
  }
}

// MARK: - Delivery error

/// Why credentials could not be handed over.
package enum DeliveryError: Error, Equatable {
  /// A value that no receiver may get; `name` is the environment variable or JSON member it was meant for.
  case unusableValue(name: String, problem: ValueProblem)
  /// A value that this format cannot carry, though others can.
  case unusableInFormat(name: String, format: ExportFormat)
  /// No file of this name, neither in `PATH` nor, if it has a slash, at this path.
  case commandNotFound(String)
  /// There is a file, but the kernel will not run it.
  case commandNotExecutable(path: String, reason: NotExecutable)
  /// write(2) failed with this errno, so what was written may be cut off.
  case outputFailed(errno: Int32)

  /// A file that was to be made is there already, or a link of that name is.
  case fileExists(path: String)
  /// A file could not be made, written in full or removed.
  case fileFailed(path: String, errno: Int32)

  /// The program of the credential server is not where it is installed.
  case serverMissing(path: String)
  /// The credential server could not be told what to do, or be started.
  case serverNotStarted(errno: Int32)

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

// MARK: - Executability

/// Whether a file can be run: a guess made without running it, or what execve(2) said.
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
