import Foundation
import Profiles
import TestSupport
import Testing

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
