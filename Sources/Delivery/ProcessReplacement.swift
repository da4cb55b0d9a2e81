import Glibc
package import Secrets

/// The hand-over by which our process becomes the user's command, with credentials in its environment.
///
/// There is no child of ours: signals, job control and exit status are between the command and its parent, and execve(2)
/// takes away the memory in which credentials were.
package struct ProcessReplacement: Sendable {
  private let search: ExecutableSearch
  private let arguments: [[UInt8]]
  private let environment: ChildEnvironment
  private let state: ProcessState

  /// - Parameter command: the program's name and its arguments, as typed.
  package init(command: [[UInt8]], environment: ChildEnvironment, restoring state: ProcessState) {
    search = ExecutableSearch(for: command.first ?? [], in: environment.inherited)
    arguments = command
    self.environment = environment
    self.state = state
  }

  /// Looks for the program; for the moment before the keyring, AWS or the user are asked anything.
  package func check() throws(DeliveryError) {
    try search.check()
  }

  /// Runs the command in our place with what our parent gave us; returns only by throwing.
  ///
  /// - Throws: `commandNotFound`, `commandNotExecutable`, or `unusableValue` for a damaged credential.
  package func deliver(_ credentials: consuming Credentials) throws(DeliveryError) -> Never {
    let variables = try environment.vector(delivering: credentials)
    state.restore()
    var obstacle: DeliveryError?
    for candidate in search.candidates {
      switch run(candidate, variables) {
      case .runnable, .missing: continue
      case .blocked(let reason):
        let error = ExecutableSearch.notExecutable(candidate, reason)
        guard reason.letsSearchGoOn else { throw error }
        obstacle = obstacle ?? error
      }
    }
    throw obstacle ?? search.notFound
  }

  /// Returns only when the kernel refuses.
  private func run(_ path: [UInt8], _ variables: borrowing CStringVector) -> Executability {
    let error = Self.execute(path, arguments, variables)
    guard error == ENOEXEC else { return Executability(of: path, after: error) }
    // A script without `#!`: execvp(3) gives it to the shell, and so do shells.
    let shell = Array("/bin/sh".utf8)
    return Executability(of: shell, after: Self.execute(shell, [shell, path] + arguments.dropFirst(), variables))
  }

  private static func execute(
    _ path: [UInt8], _ arguments: [[UInt8]], _ variables: borrowing CStringVector
  ) -> Int32 {
    var file = CStringVector()
    file.append(path)
    var vector = CStringVector()
    for argument in arguments { vector.append(argument) }
    return unsafe file.withPointers { file in
      unsafe vector.withPointers { arguments in
        unsafe variables.withPointers { variables in
          guard let path = unsafe file.pointee else { return ENOENT }
          _ = unsafe execve(path, arguments, variables)
          return errno
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
