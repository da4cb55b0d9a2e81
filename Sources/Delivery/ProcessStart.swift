import CLinux
import Glibc
internal import Secrets

/// What this process was given when it started, for the command that replaces it.
package struct ProcessStart: Sendable {
  /// The user's environment, before any variable was dropped for our own process.
  package let environment: EnvironmentBlock
  /// The raw command line; `CommandLine.arguments` replaces what is not UTF-8.
  package let arguments: [[UInt8]]
  package let state: ProcessState

  /// The path of our own program.
  package static var program: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &path, path.count)
    return String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

// MARK: - Environment block

/// An environment as the kernel hands it over: raw `NAME=value` entries in their order, with duplicates and with
/// entries that have no `=`.
package struct EnvironmentBlock: Equatable, Sendable {
  package let entries: [[UInt8]]

  /// The environment of this process as it is now.
  package static func current() -> EnvironmentBlock {
    unsafe EnvironmentBlock(entries: rawStrings(environ))
  }

  /// The value of the first entry called `name`, which is the one that C programs find.
  package func value(of name: String) -> [UInt8]? {
    let prefix = Array(name.utf8) + [UInt8(ascii: "=")]
    return entries.first { $0.starts(with: prefix) }.map { Array($0.dropFirst(prefix.count)) }
  }

  /// The entries as text, the first of each name; bytes that are not UTF-8 are replaced.
  package var dictionary: [String: String] {
    let pairs = entries.compactMap { entry -> (String, String)? in
      guard let name = Self.name(of: entry) else { return nil }
      return (String(decoding: name, as: UTF8.self), String(decoding: entry[(name.endIndex + 1)...], as: UTF8.self))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The entries for a program that must not build on credentials that are there for others; the user's own region stays.
  package var withoutCredentials: [[UInt8]] {
    let ours = value(of: "DAYPASS_REGION")
    return entries.filter { entry in
      guard let name = Self.name(of: entry) else { return false }
      guard CredentialVariables.regions.contains(where: { name.elementsEqual($0.utf8) }) else {
        return !CredentialVariables.belongsToCredentials(name)
      }
      return Array(entry[(name.endIndex + 1)...]) != ours
    }
  }

  /// The entries but those whose names `isReplaced` picks, as execve(2) takes them.
  func vector(without isReplaced: (ArraySlice<UInt8>) -> Bool) -> CStringVector {
    CStringVector(entries.filter { entry in !(Self.name(of: entry).map(isReplaced) ?? false) })
  }

  /// What precedes the first `=`; nil without one.
  static func name(of entry: [UInt8]) -> ArraySlice<UInt8>? {
    entry.firstIndex(of: UInt8(ascii: "=")).map { entry[..<$0] }
  }
}

// MARK: - Hardening

/// What the process does to itself before anything else, so that no later fault shows a secret.
package enum Hardening {
  /// Variables that lead libcurl and OpenSSL to write secrets to files, to trust others, or to load code. `Libsecret`
  /// removes those of GLib.
  private static let hostileVariables = [
    "SSLKEYLOGFILE", "CURL_CA_BUNDLE", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES",
  ]

  /// Signals whose handler in Swift's runtime prints registers and the memory behind them.
  private static let fatalSignals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT]

  /// The first statement of `main`, while no thread but ours exists.
  ///
  /// - Returns: what our parent gave us, as it was before we changed it for ourselves.
  package static func begin() throws(HardeningError) -> ProcessStart {
    dropFatalHandlers()
    try occupyStandardDescriptors()
    guard !linux_runs_elevated() else { throw .elevated }
    guard linux_set_not_dumpable() == 0 else { throw .traceable(errno: errno) }
    let state = ProcessState.takeOver()
    let environment = EnvironmentBlock.current()
    for name in hostileVariables { unsafe unsetenv(name) }
    return unsafe ProcessStart(environment: environment, arguments: rawStrings(CommandLine.unsafeArgv), state: state)
  }

  /// A signal that our parent ignores stays ignored: ignoring is not a handler, and the command inherits it.
  private static func dropFatalHandlers() {
    for signal in fatalSignals where !linux_signal_is_ignored(signal) { linux_reset_signal(signal) }
  }

  /// Fills descriptors 0 to 2 if they are closed; otherwise the first file we open would become a standard stream.
  ///
  /// What fills them cannot be read or written, so lost output is an error, and is closed again for the command.
  private static func occupyStandardDescriptors() throws(HardeningError) {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      let mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
      guard unsafe open("/dev/null", mode | O_CLOEXEC) == descriptor else { throw .noNullDevice(errno: errno) }
    }
  }
}

/// Why we do not start at all.
package enum HardeningError: Error, Equatable {
  /// The binary is setuid, setgid or has capabilities; it is not written to be.
  case elevated
  /// prctl(2) would not keep other processes of the user from reading our memory.
  case traceable(errno: Int32)
  /// A standard descriptor is closed, and /dev/null cannot take its place.
  case noNullDevice(errno: Int32)
}

// MARK: - Process state

/// Signal dispositions and mask, pending signals, umask and core limit as our parent set them, while ours are stricter.
package struct ProcessState: Sendable {
  /// What a parent can hand on: a signal is ignored or not, since execve(2) ends handlers.
  private let ignoredSignals: sigset_t
  private let signalMask: sigset_t
  /// Whether SIGCHLD was pending before we had children.
  private let childSignalWasPending: Bool
  private let fileMode: mode_t
  private let coreLimit: rlimit

  private static let signals: ClosedRange<Int32> = 1...64
  /// Signals by which the kernel would end us instead of failing a write.
  private static let writeSignals = [SIGPIPE, SIGXFSZ]

  /// Notes the state and makes ours strict: files for their owner only, no core file, errors for lost output.
  package static func takeOver() -> ProcessState {
    let ignored = sigset_t(of: signals.lazy.filter { linux_signal_is_ignored($0) })
    var mask = sigset_t()
    unsafe sigprocmask(SIG_SETMASK, nil, &mask)
    var core = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    // Only the soft limit: without privileges a lowered hard limit could not be given back.
    limitCores(to: rlimit(rlim_cur: 0, rlim_max: core.rlim_max))
    for signal in writeSignals { linux_ignore_signal(signal) }
    return ProcessState(
      ignoredSignals: ignored, signalMask: mask, childSignalWasPending: isChildSignalPending, fileMode: umask(0o077),
      coreLimit: core)
  }

  /// Gives back what `takeOver` found, whatever libraries have changed since. Call this before execve(2).
  func restore() {
    restoreSignals()
    Self.limitCores(to: coreLimit)
    umask(fileMode)
    var mask = signalMask
    unsafe sigprocmask(SIG_SETMASK, &mask, nil)
  }

  /// Has `body` start a child that gets what our parent gave us, and only it; posix_spawn(3) takes the attributes.
  ///
  /// Call this while no other thread makes files.
  func lent<Result>(to body: (UnsafePointer<posix_spawnattr_t>) -> Result) -> Result {
    var (attributes, mask) = (posix_spawnattr_t(), signalMask)
    // Signals that we ignore and the child must not.
    var defaults = sigset_t(
      of: Self.signals.lazy.filter { linux_signal_is_ignored($0) && !ignoredSignals.contains($0) })
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawnattr_setsigmask(&attributes, &mask)
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let strictMode = umask(fileMode)
    Self.limitCores(to: coreLimit)
    defer {
      umask(strictMode)
      Self.limitCores(to: rlimit(rlim_cur: 0, rlim_max: coreLimit.rlim_max))
      unsafe posix_spawnattr_destroy(&attributes)
    }
    return unsafe body(&attributes)
  }

  private static func limitCores(to limit: rlimit) {
    var limit = limit
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }

  /// Changes only what differs: execve(2) ends handlers by itself, and setting a disposition can lose a signal that our
  /// parent blocked and that waits for the command.
  private func restoreSignals() {
    for signal in Self.signals where ignoredSignals.contains(signal) != linux_signal_is_ignored(signal) {
      _ = ignoredSignals.contains(signal) ? linux_ignore_signal(signal) : linux_reset_signal(signal)
    }
    if !childSignalWasPending { Self.discardChildSignal() }
  }

  /// If SIGCHLD is blocked, the end of a child of ours would wait for the command, which has no such child.
  private static func discardChildSignal() {
    var child = sigset_t(of: [SIGCHLD])
    var now = timespec()
    if isChildSignalPending { unsafe sigtimedwait(&child, nil, &now) }
  }

  private static var isChildSignalPending: Bool {
    var pending = sigset_t()
    return unsafe sigpending(&pending) == 0 && pending.contains(SIGCHLD)
  }
}

/// Copies of the C strings of a null-terminated array such as `argv` or `environ`, byte for byte.
func rawStrings(_ strings: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> [[UInt8]] {
  var copies: [[UInt8]] = []
  while let string = unsafe strings[copies.count] {
    let bytes = unsafe UnsafeRawBufferPointer(start: string, count: strlen(string))
    unsafe copies.append(Array(bytes))
  }
  return copies
}
