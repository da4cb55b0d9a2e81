import CTestSupport
import Glibc

/// A terminal with a program on it, and us in place of the person: sends keys, waits for text, looks at the mode.
package final class PseudoTerminal {
  private var keyboard: Int32
  /// Held open, since the kernel resets the mode when the last program lets go.
  private let screenEnd: Int32
  private var child: Child
  private let seconds: Int
  private let world: AnyObject?
  private var screen: [UInt8] = []
  private var position = 0
  /// The mode before the program started, for comparing it with `modeDescription` after.
  package private(set) var modeAtStart = ""

  /// Starts `launch` on a new terminal, which controls its session; every wait ends after `seconds`. Without columns and
  /// rows the terminal does not know its size. `world` is what the program needs, such as its keyring: it lives as long
  /// as the terminal.
  package init(
    _ launch: Launch, columns: Int = 0, rows: Int = 0, within seconds: Int = 60, in world: AnyObject? = nil
  ) throws {
    var name = [CChar](repeating: 0, count: 64)
    let descriptor = test_open_terminal(&name, name.count)
    guard descriptor >= 0 else { throw LaunchError(path: "/dev/ptmx", errno: errno) }
    guard test_set_window_size(descriptor, UInt16(columns), UInt16(rows)) == 0 else {
      throw LaunchError(path: "window size", errno: errno)
    }
    let end = open(text(name), O_RDWR | O_NOCTTY | O_CLOEXEC)
    let mode = Self.describe(descriptor)
    child = try launch.start(onTerminal: text(name))
    keyboard = descriptor
    screenEnd = end
    modeAtStart = mode
    self.seconds = seconds
    self.world = world
  }

  deinit {
    close(screenEnd)
    hangUp()
  }

  package var pid: pid_t { child.pid }

  /// Everything the program has shown so far, as far as it was waited for.
  package var transcript: String { String(decoding: screen, as: UTF8.self) }

  /// Types `keys`; `\u{3}` is Ctrl-C, `\u{4}` Ctrl-D, `\u{1a}` Ctrl-Z.
  package func send(_ keys: String) throws { try send(Array(keys.utf8)) }

  package func send(_ keys: [UInt8]) throws {
    var bytes = keys[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) }
      guard count > 0 else { throw LaunchError(path: "keyboard", errno: errno) }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Closes the window: the kernel sends SIGHUP, and nothing more is seen.
  package func hangUp() {
    guard keyboard >= 0 else { return }
    close(keyboard)
    keyboard = -1
  }

  /// Makes the window another size, as a person does with a mouse.
  package func resize(rows: Int, columns: Int) {
    _ = test_set_window_size(keyboard, UInt16(columns), UInt16(rows))
  }

  /// Waits for `text` after what earlier calls have found, and gives back what stood before it.
  @discardableResult
  package func expect(_ text: String) throws -> String {
    let start = position
    let found = try next(of: [text])
    return String(decoding: screen[start..<found.range.lowerBound], as: UTF8.self)
  }

  /// Waits for the first of `texts` after what earlier calls have found, and gives it back.
  package func expect(anyOf texts: [String]) throws -> String { try next(of: texts).text }

  private func next(of texts: [String]) throws -> (text: String, range: Range<Int>) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let found = texts.compactMap { text in find(Array(text.utf8)).map { (text: text, range: $0) } }
      if let first = found.min(by: { $0.range.lowerBound < $1.range.lowerBound }) {
        position = first.range.upperBound
        return first
      }
      guard isReadable(keyboard, until: deadline), let bytes = readAvailable(keyboard) else {
        throw TestTimeout(waitingFor: texts.joined(separator: ", or "), seen: transcript)
      }
      screen += bytes
    }
  }

  /// Whether `text` has come after what earlier calls have found, without waiting for it.
  package func hasShown(_ text: String) -> Bool {
    takeIn()
    return find(Array(text.utf8)) != nil
  }

  /// Takes in what the program has shown meanwhile.
  private func takeIn() {
    while isReadable(keyboard, until: .now), let bytes = readAvailable(keyboard) { screen += bytes }
  }

  /// Waits for the program's end and takes in the rest of what it showed.
  package func waitForExit() throws -> ExitStatus {
    let status: ExitStatus?
    do { status = try child.wait(until: .now + .seconds(seconds)) } catch { status = nil }
    takeIn()
    guard let status else { throw TestTimeout(waitingFor: "the end", seen: transcript) }
    return status
  }

  /// Whether what is typed is shown.
  package var echoes: Bool { Self.mode(of: keyboard).c_lflag & tcflag_t(ECHO) != 0 }

  /// All that makes up the mode.
  package func modeDescription() -> String {
    Self.describe(keyboard)
  }

  private static func describe(_ terminal: Int32) -> String {
    let mode = mode(of: terminal)
    return "\(mode.c_iflag) \(mode.c_oflag) \(mode.c_cflag) \(mode.c_lflag) \(mode.c_cc)"
  }

  private static func mode(of terminal: Int32) -> termios {
    var mode = termios()
    tcgetattr(terminal, &mode)
    return mode
  }

  private func find(_ text: [UInt8]) -> Range<Int>? {
    guard screen.count - position >= text.count else { return nil }
    let starts = position...(screen.count - text.count)
    return starts.first { screen[$0..<($0 + text.count)].elementsEqual(text) }.map { $0..<($0 + text.count) }
  }
}
