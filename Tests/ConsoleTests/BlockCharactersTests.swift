import Console
import Testing

struct BlockCharactersTests {
  @Test(arguments: [
    (["TERM": "xterm", "LANG": "en_GB.UTF-8"], true), (["TERM": "linux", "LC_ALL": "C.utf8"], true),
    (["TERM": "xterm", "LC_CTYPE": "de_DE.UTF-8@euro"], true),
    (["TERM": "xterm", "LC_ALL": "", "LC_CTYPE": "", "LANG": "en_GB.UTF-8"], true),
    (["TERM": "xterm", "LC_ALL": "C", "LANG": "en_GB.UTF-8"], false), (["TERM": "xterm", "LANG": "de_DE"], false),
    (["TERM": "xterm", "LANG": "de_DE.ISO-8859-15"], false), (["TERM": "xterm"], false),
    (["TERM": "dumb", "LANG": "C.UTF-8"], false), (["TERM": "", "LANG": "C.UTF-8"], false),
    (["LANG": "C.UTF-8"], false),
  ])
  func `block characters are for terminals that have them`(environment: [String: String], shown: Bool) {
    #expect(Terminal.showsBlocks(in: environment) == shown)
  }
}
