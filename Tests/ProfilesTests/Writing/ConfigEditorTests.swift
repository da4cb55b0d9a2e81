import Profiles
import Testing

struct ConfigEditorTests {
  private func edited(
    _ text: String, _ change: (inout ConfigEditor) throws(ConfigError) -> Void
  ) throws(ConfigError) -> String {
    var editor = try ConfigEditor(Array(text.utf8), file: "/config")
    try change(&editor)
    return String(decoding: editor.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("", "[profile p]\nregion = r\n"), ("\n", "\n[profile p]\nregion = r\n"),
    ("# c\n", "# c\n\n[profile p]\nregion = r\n"), ("# c", "# c\n\n[profile p]\nregion = r\n"),
    ("[default]\na=1\n\n", "[default]\na=1\n\n[profile p]\nregion = r\n"),
    ("[default]\n \t\n", "[default]\n \t\n[profile p]\nregion = r\n"),
    ("[default]\r\na=1\r\n", "[default]\r\na=1\r\n\r\n[profile p]\r\nregion = r\r\n"),
    ("[default]\r\n\r\n", "[default]\r\n\r\n[profile p]\r\nregion = r\r\n"),
    ("[default]\r\na=1", "[default]\r\na=1\r\n\r\n[profile p]\r\nregion = r\r\n"),
    ("[p]\nregion=x\n", "[p]\nregion=x\n\n[profile p]\nregion = r\n"),
  ])
  func `a profile is appended and nothing else changes`(before: String, after: String) throws {
    #expect(
      try edited(before) { editor throws(ConfigError) in try editor.addProfile("p", properties: [(.region, "r")]) }
        == after)
  }

  @Test func `the default profile is written without its type`() throws {
    let text = try edited("") { editor throws(ConfigError) in try editor.addProfile("default", properties: []) }
    #expect(text == "[default]\n")
  }

  @Test(arguments: [("[default]", "default"), ("\n[profile default]", "default"), ("\n[ profile  a ]", "a")])
  func `a profile that is there is not added again`(text: String, name: String) throws {
    let location = SourceLocation.config(text.hasPrefix("\n") ? 2 : 1)
    #expect(throws: ConfigError.profileExists(name, at: location)) {
      try edited(text) { editor throws(ConfigError) in try editor.addProfile(name, properties: []) }
    }
    var editor = try ConfigEditor(Array(text.utf8), file: "/config")
    #expect(editor.hasProfile(name))
    #expect(!editor.hasProfile("b"))
    #expect(throws: Never.self) { try editor.addProfile("b", properties: []) }
    #expect(editor.hasProfile("b"))
  }

  @Test(arguments: ["", " ", "a b", "a]", "a\nb", "a#", "\u{e4}", "a\t", "[a", "a=b", "a\0"])
  func `a name that not all SDKs read is refused`(name: String) {
    #expect(throws: ConfigError.invalidProfileName(name)) {
      try edited("") { editor throws(ConfigError) in try editor.addProfile(name, properties: []) }
    }
  }

  @Test(arguments: [
    "", " x", "x ", "x # y", "x\t; y", "x\ny", "x\n y", "x\r", "x\0", "\n[profile evil]", "\u{7f}", "# x",
  ])
  func `a value that would read back as another is refused`(value: String) throws {
    for text in ["", "[profile p]", "[profile p]\nmfa_serial = old"] {
      #expect(throws: ConfigError.unwritableProperty(.mfaSerial)) {
        try edited(text) { editor throws(ConfigError) in try editor.setProperty(.mfaSerial, to: value, in: "p") }
      }
    }
  }

  @Test(arguments: [
    ("", "[profile p]\nmfa_serial = new\n"), ("[default]", "[default]\n\n[profile p]\nmfa_serial = new\n"),
    ("[profile p]", "[profile p]\nmfa_serial = new"), ("[profile p]\n", "[profile p]\nmfa_serial = new\n"),
    ("[profile p] # c\n", "[profile p] # c\nmfa_serial = new\n"),
    ("[profile p]\r\na = 1\r\n\r\n[profile q]", "[profile p]\r\na = 1\r\nmfa_serial = new\r\n\r\n[profile q]"),
    ("[profile p]\r\n", "[profile p]\r\nmfa_serial = new\r\n"),
    ("[profile q]\r\na = b\r", "[profile q]\r\na = b\r\n\r\n[profile p]\r\nmfa_serial = new\r\n"),
    ("[profile p]\na = 1 # c\n\n# d\n[profile q]", "[profile p]\na = 1 # c\nmfa_serial = new\n\n# d\n[profile q]"),
    ("[profile p]\na =\n  b = 1 \n\n", "[profile p]\na =\n  b = 1 \nmfa_serial = new\n\n"),
    ("[profile p]\na =\n[profile q]\n", "[profile p]\na =\nmfa_serial = new\n[profile q]\n"),
    ("[profile p]\na a = 1\n b\n", "[profile p]\nmfa_serial = new\na a = 1\n b\n"),
    ("[profile p]\nmfa_serial = old\n", "[profile p]\nmfa_serial = new\n"),
    ("[profile p]\nMFA_Serial\t=old ; c\r\nb = 1", "[profile p]\nMFA_Serial\t= new ; c\r\nb = 1"),
    ("[profile p]\nmfa_serial=old", "[profile p]\nmfa_serial=new"),
    ("[profile p]\nmfa_serial =\n", "[profile p]\nmfa_serial = new\n"),
    ("[profile p]\nmfa_serial=", "[profile p]\nmfa_serial=new"),
    ("[profile p]\nmfa_serial = # c\n", "[profile p]\nmfa_serial = new # c\n"),
    ("[profile p]\nmfa_serial = a\n b\n", "[profile p]\nmfa_serial = new\n"),
    ("[profile p]\nmfa_serial =\n a = b\n", "[profile p]\nmfa_serial = new\n"),
    ("[profile p]\nmfa_serial = 1\nmfa_serial = 2\n", "[profile p]\nmfa_serial = 1\nmfa_serial = new\n"),
    ("[profile p]\n[profile q]\n[profile p]\n", "[profile p]\n[profile q]\n[profile p]\nmfa_serial = new\n"),
    ("[profile p]\n\u{e4} = \u{1f600}\n", "[profile p]\nmfa_serial = new\n\u{e4} = \u{1f600}\n"),
  ])
  func `a property is set and nothing else changes`(before: String, after: String) throws {
    let text = try edited(before) { editor throws(ConfigError) in try editor.setProperty(.mfaSerial, to: "new", in: "p")
    }
    #expect(text == after)
    #expect(try ProfileSet(config: text).profile(named: "p")?[.mfaSerial]?.value == "new")
  }

  @Test func `the default profile that counts is the one that is changed`() throws {
    let text = try edited("[profile default]\n[default]\nregion = a\n") { editor throws(ConfigError) in
      try editor.setProperty(.region, to: "b", in: "default")
    }
    #expect(text == "[profile default]\nregion = b\n[default]\nregion = a\n")
  }

  @Test func `text that is no config file is left alone`() {
    #expect(throws: ConfigError.malformed(.outsideSection, at: .config(1))) {
      try ConfigEditor(Array("key = value".utf8), file: "/config")
    }
  }
}
