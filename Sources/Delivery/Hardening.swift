import CLinux
import Glibc

/// What the process does to itself before anything else, so that no later fault shows a secret.
package enum Hardening {
  /// Variables that lead libraries of ours to write secrets to files, to load code, or to store elsewhere.
  private static let hostileVariables = [
    "SECRET_BACKEND", "SECRET_FILE_TEST_PATH", "SECRET_FILE_TEST_PASSWORD", "SSLKEYLOGFILE", "G_MESSAGES_DEBUG",
    "G_DEBUG", "G_DBUS_DEBUG", "GIO_EXTRA_MODULES", "GIO_MODULE_DIR", "GIO_USE_VFS", "CURL_CA_BUNDLE", "OPENSSL_CONF",
    "OPENSSL_ENGINES", "OPENSSL_MODULES",
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
    return ProcessStart(environment: environment, arguments: ProcessStart.currentArguments(), state: state)
  }

  /// A signal that our parent ignores stays ignored: that is no handler, and the command is to get it so.
  private static func dropFatalHandlers() {
    for signal in fatalSignals where !linux_signal_is_ignored(signal) { linux_reset_signal(signal) }
  }

  /// Fills descriptors 0 to 2 where they are closed, or the first file we open would take one's place and its reader's.
  ///
  /// What fills them cannot be read or written, so lost output is an error, and is closed again for the command.
  private static func occupyStandardDescriptors() throws(HardeningError) {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      let mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
      guard unsafe open("/dev/null", mode | O_CLOEXEC) == descriptor else { throw .noNullDevice(errno: errno) }
    }
  }
}
