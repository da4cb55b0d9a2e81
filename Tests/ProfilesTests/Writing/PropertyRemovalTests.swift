import Profiles
import Testing

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
