import Foundation
import Secrets
import Testing

struct JSONReadingTests {
  private func document(_ json: String) throws -> SecretDocument {
    try SecretDocument(json: SecretBytes(copying: json))
  }

  private func refusal(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) { _ = try SecretDocument(json: SecretBytes(copying: bytes.span)) } catch { return error }
    return nil
  }

  @Test func `members are found by name, and their secrets never are a String`() throws {
    let document = try document(
      #" { "Version": 1, "roleCredentials" : {"secretAccessKey":"made/up+","expiration":1795248000000,"x":null} } "#)
    let secret = document.secret(at: document.elements(at: "roleCredentials/secretAccessKey")[0])
    let isSecret = secret.equals(SecretBytes(copying: "made/up+"))
    #expect(isSecret)
    let texts = ["Version", "roleCredentials/expiration", "roleCredentials/x", "roleCredentials", "roleCredentials/y"]
      .map { document.text(at: $0) }
    #expect(texts == ["1", "1795248000000", "", "", nil])
  }

  @Test func `a number is told from its text, and nothing from an empty text`() throws {
    let document = try document(#"{"a":1,"b":"1","c":null,"d":"","e":true,"f":{},"g":[]}"#)
    let kinds = document.children(of: SecretDocument.root).map { document.kind(of: $0) }
    #expect(kinds == [.number, .text, .null, .text, .boolean, .object, .array])
  }

  @Test func `the values of an array are members, in order`() throws {
    let document = try document(#"{"list":[{"id":"1"},{"id":"2"},[],{}],"empty":[]}"#)
    let ids = document.elements(at: "list/member/id").map { document.text(at: $0) }
    #expect(ids == ["1", "2"])
    let (all, none) = (document.elements(at: "list/member").count, document.elements(at: "empty/member").count)
    #expect(all == 4 && none == 0)
  }

  @Test(arguments: [
    #""""#, #""a b""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC\uD83D\uDE00\u0000""#, #""é😀""#, "0", "-0", "12.50",
    "-1e5", "1E+2", "3e-7", "true", "false", "[ ]", "{ }", "\t\r\n [1 , 2] \n",
  ])
  func `what Foundation reads is read alike`(json: String) throws {
    let document = try document(json)
    let expected = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    if let text = expected as? String {
      let read = document.text(at: SecretDocument.root)
      #expect(read == text)
    }
  }

  @Test(arguments: [
    "", " ", "{", "}", "[1,]", "[,1]", "[1 2]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a" 1}"#, "'a'",
    "\"a",
    #""\x""#, #""\u12""#, #""\uD800""#, #""\uD800\u0041""#, "\"a\nb\"", "01", "-", "+1", ".5", "1.", "1e", "1e+", "tru",
    "nul", "True", "NaN", "1 2", "{}{}", "[1]x", "// a\n1", "\u{feff}1",
  ])
  func `what is not JSON is refused, as Foundation refuses it`(json: String) {
    guard case .notWellFormed = refusal(Array(json.utf8)) else {
      Issue.record("\(json) was read")
      return
    }
  }

  @Test func `an end anywhere is an error`() {
    let whole = Array(#"{"a":[1,"x\u0041",true,null,{"b":-1.5e3}]}"#.utf8)
    for end in whole.indices {
      #expect(refusal(Array(whole[..<end])) != nil, "cut at \(end)")
    }
    #expect(refusal(whole) == nil)
  }

  @Test func `bytes that are not UTF-8, and documents without end, are refused`() {
    #expect(refusal([0x22, 0xff, 0x22]) == .notWellFormed(offset: 0))
    #expect(refusal(Array(String(repeating: "[", count: 100_000).utf8)) == .tooLarge)
    #expect(refusal(Array(("[0" + String(repeating: ",0", count: 100_000) + "]").utf8)) == .tooLarge)
  }
}

struct JSONWritingTests {
  @Test(arguments: [
    ("", #""""#), ("a/b+=", #""a/b+=""#), (#"a"b\c"#, #""a\"b\\c""#), ("\u{0}\u{1f}\n", ##""\u0000\u001f\u000a""##),
    ("é😀\u{7f}", "\"é😀\u{7f}\""),
  ])
  func `text is written as a JSON string, and reads back the same`(text: String, json: String) throws {
    #expect(text.jsonString == json)
    let document = try SecretDocument(json: SecretBytes(copying: json))
    let back = document.text(at: SecretDocument.root)
    #expect(back == text)
  }
}
