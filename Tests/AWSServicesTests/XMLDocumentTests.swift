import Secrets
import Testing

@testable import AWSServices

struct XMLDocumentTests {
  private func text(_ path: String, in xml: String) throws -> String? {
    let document = try SecretDocument(xml: SecretBytes(copying: xml))
    return document.text(at: path)
  }

  private func refusal(_ bytes: [UInt8]) -> XMLError? {
    do throws(XMLError) { _ = try SecretDocument(xml: SecretBytes(copying: bytes.span)) } catch { return error }
    return nil
  }

  @Test(arguments: [
    "<a><b>x</b></a>", "\u{feff}<a><b>x</b></a>", "<?xml version='1.0' encoding='UTF-8'?>\n<a>\n <b> x\n</b></a>\n",
    "<a xmlns='urn:1'><b>x</b></a>", "<p:a xmlns:p='urn:2'><p:b q='1'>x</p:b></p:a>", "<a><b><![CDATA[x]]></b></a>",
    "<a><!-- n --><b><!-- c -->x<?pi?></b></a>", "<a><b>&#120;</b></a>", "<a>y<b>x</b>z</a>",
  ])
  func `an element's text is found whatever stands around it`(xml: String) throws {
    #expect(try text("b", in: xml) == "x")
  }

  @Test(arguments: [
    ("<a><b>&lt;&amp;\u{e4}&gt;</b></a>", "<&\u{e4}>"), ("<a><b>x<![CDATA[<y>]]>z</b></a>", "x<y>z"),
    ("<a><b/></a>", ""), ("<a><b><c>x</c></b></a>", ""), ("<a><b> 1\n 2 </b></a>", "1\n 2"),
  ])
  func `text is decoded, joined and trimmed`(xml: String, expected: String) throws {
    #expect(try text("b", in: xml) == expected)
  }

  @Test func `a path finds all elements of its names, in order, and no deeper ones`() throws {
    let xml = "<r><l><m>1</m><m>2</m><o><m>x</m></o></l><m>y</m><l><m>3</m></l></r>"
    let document = try SecretDocument(xml: SecretBytes(copying: xml))
    let found = document.elements(at: "l/m").map { document.text(at: $0) }
    #expect(found == ["1", "2", "3"])
    let missing = document.text(at: "l/o/n")
    #expect(missing == nil)
  }

  @Test(arguments: [
    ("<!DOCTYPE a><a/>", XMLError.notWellFormed(root: nil)),
    ("<!DOCTYPE a [<!ENTITY e 'eeee'>]><a>&e;</a>", .notWellFormed(root: nil)),
    ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", .notWellFormed(root: nil)),
    ("<a>&e;</a>", .notWellFormed(root: "a")), ("<a>\n<b></a>", .notWellFormed(root: "a")),
    ("", .notWellFormed(root: nil)), ("{\"a\":1}", .notWellFormed(root: nil)),
    ("<a>&#27;</a>", .notWellFormed(root: "a")), ("<a/><b/>", .notWellFormed(root: "a")),
    (String(repeating: "<a>", count: 33), .tooLarge),
    ("<a>" + String(repeating: "<b/>", count: 100_000) + "</a>", .tooLarge),
  ])
  func `what is no plain document is refused`(xml: String, error: XMLError) {
    #expect(refusal(Array(xml.utf8)) == error)
  }

  @Test(arguments: [
    Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xe4] + Array("</a>".utf8),
    Array("<a>".utf8) + [0] + Array("</a>".utf8),
  ])
  func `bytes that are no text are refused, whatever encoding they declare`(bytes: [UInt8]) {
    #expect(refusal(bytes) != nil)
  }

  @Test func `UTF-16 is recognized by its byte order mark`() throws {
    let bytes: [UInt8] = [0xff, 0xfe] + "<a><b>\u{e4}</b></a>".utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    let document = try SecretDocument(xml: SecretBytes(copying: bytes.span))
    let text = document.text(at: "b")
    #expect(text == "\u{e4}")
  }

  @Test func `32 elements deep is still read`() throws {
    let xml = String(repeating: "<a>", count: 32) + "x" + String(repeating: "</a>", count: 32)
    #expect(try text(String(repeating: "a/", count: 30) + "a", in: xml) == "x")
  }
}
