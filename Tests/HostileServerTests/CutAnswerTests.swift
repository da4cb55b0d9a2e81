import HTTP
import TestSupport
import Testing

@testable import AWSServices

/// A right answer that ends at each of its bytes (N1, N7).
struct CutAnswerTests {
  @Test func `a reset at any byte is an interruption and never a session`() {
    let answer = SessionAnswer().bytes
    let cuts = answer.indices.map { LoopbackServer.Step.reset(after: Array(answer[..<$0])) }
    Self.expect(.http(.interrupted(host: "127.0.0.1")), cuts, "reset")
  }

  @Test func `an end at any byte is an interruption and never a session`() {
    let answer = SessionAnswer().bytes
    let cuts = answer.indices.map { LoopbackServer.Step.answer(Array(answer[..<$0])) }
    Self.expect(.http(.interrupted(host: "127.0.0.1")), cuts, "end")
  }

  @Test func `an answer without a length that ends at any byte of its body is never a session`() {
    let head = Array("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n".utf8)
    let document = SessionAnswer().document.trimmingSuffix { $0.isNewline }
    let body = Array(document.utf8)
    let server = LoopbackServer(script: body.indices.map { .answer(head + body[..<$0]) })
    var strange: [String] = []
    for end in body.indices {
      switch Caller(port: server.port).failure() {
      case .notAWS, .malformed: continue
      case let other: strange.append("at \(end): \(String(describing: other))")
      }
    }
    _ = server.requests()
    Tally.record("end without a length, at each of \(body.count) bytes", strange)
  }

  private static func expect(_ error: AWSError, _ cuts: [LoopbackServer.Step], _ name: String) {
    let server = LoopbackServer(script: cuts)
    var strange: [String] = []
    for end in cuts.indices {
      let failure = Caller(port: server.port).failure()
      if failure != error { strange.append("at \(end): \(String(describing: failure))") }
    }
    _ = server.requests()
    Tally.record("\(name) at each of \(cuts.count) bytes", strange)
  }
}

extension String {
  fileprivate func trimmingSuffix(while isUnwanted: (Character) -> Bool) -> String {
    String(dropLast(reversed().prefix(while: isUnwanted).count))
  }
}
