import Foundation
import Profiles
import TestSupport
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

  @Test func `the section of an Identity Center session is added once, beside a profile of its name`() throws {
    let settings: [(key: Setting, value: String)] = [(.ssoStartURL, "https://a.example"), (.ssoRegion, "r")]
    let before = "[profile corp]\n"
    let after = before + "\n[sso-session corp]\nsso_start_url = https://a.example\nsso_region = r\n"
    #expect(
      try edited(before) { editor throws(ConfigError) in try editor.addSSOSession("corp", properties: settings) }
        == after)
    #expect(throws: ConfigError.ssoSessionExists("corp", at: .config(3))) {
      try edited(after) { editor throws(ConfigError) in try editor.addSSOSession("corp", properties: settings) }
    }
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

// MARK: - Key removal tests

struct KeyRemovalTests {
  private func removed(_ text: String, _ kind: ConfigDocument.Kind = .credentials) throws -> String {
    let document = try ConfigDocument(parsing: Array(text.utf8), file: "/f", as: kind)
    let empty = try ConfigDocument(parsing: [], file: "/e", as: .config)
    let profiles =
      kind == .config
      ? ProfileSet(config: document, credentials: try ConfigDocument(parsing: [], file: "/e", as: .credentials))
      : ProfileSet(config: empty, credentials: document)
    let key = try #require(profiles.profile(named: "a")?.plainTextKey)
    var editor = try ConfigEditor(Array(text.utf8), file: "/f", as: kind)
    try editor.remove(key)
    return String(decoding: editor.bytes, as: UTF8.self)
  }

  private static let key = "aws_access_key_id = AKIAMADEUP0000000001\naws_secret_access_key = s3/cret+\n"

  /// Before and after; `KEY` stands for the two lines of the key.
  private static let cases: [(String, String)] = [
    ("[a]\nKEY\n", ""), ("[a]\nKEY", ""), ("[a]\nKEY\nregion = r\n", "[a]\nregion = r\n"),
    ("# mine\n[a]\nKEY\n", "# mine\n"), ("[a]\n# mine\nKEY\n", "[a]\n# mine\n"), ("[a] # work\nKEY\n\n", ""),
    ("[b]\nx = 1\n\n[a]\nKEY\n\n[c]\ny = 2", "[b]\nx = 1\n\n[c]\ny = 2"),
    ("[a]\r\nKEY\r\nregion = r\r\n", "[a]\r\nregion = r\r\n"), ("[a]\nregion = r\nKEY", "[a]\nregion = r\n"),
    ("[a]\nKEY\naws_session_token = t\n", ""), ("[a]\nKEY\nodd name = 1\n", "[a]\nodd name = 1\n"),
    (
      "[a]\nx = 1\nAWS_Access_Key_ID=AKIAMADEUP0000000001 # c\naws_secret_access_key\t=\ts3/cret+ ; c\n",
      "[a]\nx = 1\n"
    ),
    ("[a]\nKEY\n[other]\n", "[other]\n"), ("[a]\nKEY\n[not a name]\n", "[not a name]\n"),
    ("[a]\nKEY\n[a]\nregion = r\nKEY\n", "[a]\nregion = r\n"), ("[b]\nKEY\n[a]\nKEY\n", "[b]\nKEY\n"),
    ("[a]\nx =\n  y = 1\nKEY\nz =\n  w = 1\n", "[a]\nx =\n  y = 1\nz =\n  w = 1\n"),
  ]

  @Test(arguments: cases)
  func `exactly the lines of the key go, and a section that is empty without them`(before: String, after: String) throws
  {
    let key = String(Self.key.dropLast())
    #expect(try removed(before.replacing("KEY", with: key)) == after.replacing("KEY", with: key))
  }

  @Test func `a key that another one replaced stays, because it may stand nowhere else`() throws {
    let old = "aws_access_key_id = AKIAMADEUP0000000002\naws_secret_access_key = other\n"
    #expect(try removed("[a]\n" + old + "[a]\n" + Self.key) == "[a]\n" + old)
    #expect(try removed("[a]\n" + old + Self.key) == "[a]\n" + old)
  }

  @Test func `the config file keeps the section, which makes the profile known`() throws {
    #expect(try removed("[profile a]\n" + Self.key, .config) == "[profile a]\n")
    #expect(try removed("[a]\nx = 1\n[profile a]\n" + Self.key, .config) == "[a]\nx = 1\n[profile a]\n")
  }

  @Test func `each file loses its lines, keeps its mode, and one without any is not written`() throws {
    let folder = ScratchFolder()
    folder.write("[profile a]\nregion = r\n", to: "config", mode: 0o640)
    folder.write("[b]\nx = 1\n[a]\n" + Self.key, to: "credentials", mode: 0o644)
    let files = try folder.files()
    let before = try inode(folder.path("config"))
    try files.remove(try #require(files.read().profile(named: "a")?.plainTextKey))
    #expect(try folder.text(of: "credentials") == "[b]\nx = 1\n")
    #expect(try folder.text(of: "config") == "[profile a]\nregion = r\n")
    #expect(try inode(folder.path("config")) == before)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path("credentials"))[.posixPermissions] as? Int
    #expect(mode == 0o644)
    #expect(try folder.names() == ["config", "credentials"])
  }

  @Test func `a key in halves goes from both files`() throws {
    let folder = ScratchFolder()
    folder.write("[profile a]\naws_access_key_id = AKIAMADEUP0000000001\n", to: "config")
    folder.write("[a]\naws_secret_access_key = s3/cret+\n", to: "credentials")
    let files = try folder.files()
    try files.remove(try #require(files.read().profile(named: "a")?.plainTextKey))
    #expect(try folder.text(of: "config") == "[profile a]\n")
    #expect(try folder.text(of: "credentials") == "")
  }

  @Test func `a credentials file that is missing is not made, nor is its folder`() throws {
    let folder = ScratchFolder()
    folder.write("[profile a]\n" + Self.key, to: "config")
    let files = try ConfigFiles(
      environment: [
        "AWS_CONFIG_FILE": folder.path("config"), "AWS_SHARED_CREDENTIALS_FILE": folder.path("no/credentials"),
      ])
    try files.remove(try #require(files.read().profile(named: "a")?.plainTextKey))
    #expect(try folder.names() == ["config"])
  }

  @Test(arguments: ["", "[a]\n", "[a]\naws_access_key_id = A\n", "[a]\naws_secret_access_key = s\n", "[b]\n" + key])
  func `half a key or another's is none to remove`(text: String) throws {
    let profiles = try ProfileSet(credentials: text)
    #expect(profiles.profile(named: "a")?.plainTextKey == nil)
  }

  private func inode(_ path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
  }
}

// MARK: - Property removal tests

struct PropertyRemovalTests {
  @Test(arguments: [
    ("[profile a]\nmfa_serial = x\nregion = r\n", "[profile a]\nregion = r\n"),
    ("[default]\r\nregion=r\r\nMFA_SERIAL=x\r\n# c\r\n", "[default]\r\nregion=r\r\n# c\r\n"),
    ("[profile a]\nmfa_serial = x", "[profile a]\n"),
    ("[profile a]\nmfa_serial = y\n", "[profile a]\nmfa_serial = y\n"),
    ("[profile a]\nmfa_serial=x\n[profile b]\nmfa_serial = x\n", "[profile a]\n[profile b]\n"),
    ("[services s]\nmfa_serial = x\n", "[services s]\nmfa_serial = x\n"),
    ("[profile a]\ns3 =\n  mfa_serial = x\n", "[profile a]\ns3 =\n  mfa_serial = x\n"),
  ])
  func `a property is taken out with its line, and nothing else changes`(before: String, after: String) throws {
    var editor = try ConfigEditor(Array(before.utf8), file: "/config")
    try editor.removeProperties(.mfaSerial, holding: "x")
    #expect(String(decoding: editor.bytes, as: UTF8.self) == after)
  }
}
