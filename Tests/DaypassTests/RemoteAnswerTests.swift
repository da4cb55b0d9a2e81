import Foundation
import Secrets
import Sessions
import Testing

@testable import daypass

/// The text with which a sign-in on another device ends.
struct RemoteAnswerTests {
  private static let state = "4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f11"

  private func code(in text: String) throws -> String? {
    try RemoteAnswer.code(in: SecretBytes(copying: text), for: Self.state).revealed()
  }

  private static func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  @Test(arguments: [
    "c3RhdGU9NGYyYjFjNmUtOGEwZS00YzNlLTliNTktMGY1YTRhMWY3ZjExJmNvZGU9YWJjLmRlZg==",
    "c3RhdGU9NGYyYjFjNmUtOGEwZS00YzNlLTliNTktMGY1YTRhMWY3ZjExJmNvZGU9YWJjLmRlZg",
    " c3RhdGU9NGYyYjFjNmUtOGEw\nZS00YzNlLTliNTktMGY1YTRh MWY3ZjExJmNvZGU9YWJjLmRlZg==\r\n",
    encoded("code=abc%2Edef&state=\(state)"),
  ])
  func `a text is read however it was pasted`(text: String) throws {
    #expect(try code(in: text) == "abc.def")
  }

  @Test func `base64url will do`() throws {
    let text = Self.encoded("state=\(Self.state)&code=~~~???>>>")
    #expect(text.contains("/") || text.contains("+"))
    let other = text.replacing("+", with: "-").replacing("/", with: "_")
    #expect(try code(in: other) == "~~~???>>>")
  }

  @Test(arguments: [
    "", "hello", "!", encoded("code=abc"), encoded("state=\(state)"), encoded("state=\(state)&code="),
    encoded("state=\(state)&code=a&code=b"), encoded("state=\(state)&state=\(state)&code=a"),
    encoded("state=\(state)&code=%FF"), encoded("state=\(state)&code=a%0A"),
  ])
  func `what is no such text is refused`(text: String) {
    #expect(throws: LoginError.unreadableText) { try code(in: text) }
  }

  @Test(arguments: ["4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f12", "4f2b1c6e", ""])
  func `the text of another sign-in is refused`(state: String) {
    #expect(throws: LoginError.textOfOtherSignIn) { try code(in: Self.encoded("state=\(state)&code=a")) }
  }
}
