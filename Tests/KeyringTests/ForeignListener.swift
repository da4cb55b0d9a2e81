import TestSupport

/// A socket at which a process of another user listens; only root can arrange this.
final class ForeignListener {
  private let process: ChildProcess

  init(path: String) throws {
    // The kernel remembers whose process called listen(2), not whose file it is.
    let program = """
      import os, signal, socket
      listener = socket.socket(socket.AF_UNIX)
      listener.bind("\(path)")
      os.setuid(65534)
      listener.listen(8)
      print("listening", flush=True)
      signal.pause()
      """
    process = ChildProcess(["python3", "-c", program], environment: [:])
    let isReady = eventually { [process] in process.output == "listening\n" }
    guard isReady else { throw SetupFailure(process.errors) }
  }
}
