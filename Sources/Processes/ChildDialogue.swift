import Glibc
internal import POSIX
package import Secrets

/// A program that we talk to line by line, over its standard input and output; it ends with its owner.
package struct ChildDialogue: ~Copyable {
  /// Both ends of its standard input: while there is a reader, writing raises no signal. The process tells whether the
  /// program has ended.
  private let input: Pipe
  private var output: Capture
  private var errors: Capture
  private var child: RunningChild
  private let program: ChildProgram
  private let deadline: ContinuousClock.Instant
  /// Where in the output the next line begins.
  private var position = 0

  /// Starts a program; all that is said to it has to be said within its time.
  ///
  /// - Throws: `notFound`, `notStarted`.
  package init(with program: ChildProgram) throws(ChildError) {
    guard let input = Pipe() else { throw .notStarted("pipe", errno: errno) }
    // The child's reads wait, as programs expect.
    _ = fcntl(input.readEnd.number, F_SETFL, 0)
    let output = try Capture(limit: program.limit)
    let errors = try Capture(limit: program.limit)
    child = try program.start(input: input.readEnd.number, output, errors)
    self.output = output
    self.errors = errors
    self.input = input
    self.program = program
    deadline = .now + program.timeout
  }

  /// Writes a line, of at most the 4 096 bytes that a pipe takes at once (PIPE_BUF).
  package func send(_ line: String) throws(ChildError) {
    let bytes = Array((line + "\n").utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe write(input.writeEnd.number, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw .timedOut(program.timeout) }
  }

  /// The next line that it prints, without its end.
  ///
  /// - Throws: `ended` if there is none, `timedOut`, `tooMuchOutput`.
  package mutating func nextLine() throws(ChildError) -> SecretBytes {
    var isOver = false
    while true {
      if let end = endOfLine {
        defer { position = end + 1 }
        return output.bytes.clone(position..<end)
      }
      guard !isOver else { throw .ended(child.reap(), complaint: errors.lastLines) }
      guard ContinuousClock.now < deadline else { throw .timedOut(program.timeout) }
      isOver = child.waitForNews(from: output, errors, until: deadline)
      guard output.drain(), errors.drain() else { throw .tooMuchOutput(limit: program.limit) }
    }
  }

  private var endOfLine: Int? {
    output.bytes.withBytes { bytes in (position..<bytes.count).first { bytes[$0] == UInt8(ascii: "\n") } }
  }
}
