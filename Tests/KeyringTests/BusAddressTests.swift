import Testing

@testable import Keyring

struct BusAddressTests {
  @Test(arguments: [
    ("unix:path=/run/user/1000/bus", UnixSocket.path(Array("/run/user/1000/bus".utf8))),
    ("unix:path=/a%20b%2cc,guid=0123", .path(Array("/a b,c".utf8))),
    ("unix:guid=0123,path=/x", .path(Array("/x".utf8))),
    ("unix:abstract=/tmp/dbus-x", .abstract(Array("/tmp/dbus-x".utf8))),
    ("tcp:host=evil,port=1;unix:path=/x", .path(Array("/x".utf8))),
  ])
  func `the socket of an address is found`(text: String, socket: UnixSocket) {
    #expect(BusAddress(parsing: text)?.socket == socket)
  }

  @Test func `GLib gets the entry that was checked, and no other`() {
    #expect(BusAddress(parsing: "tcp:host=evil;unix:path=/x;autolaunch:")?.text == "unix:path=/x")
  }

  @Test(arguments: [
    "", "unix", "unix:path", "unix:path=%", "unix:path=%4", "unix:path=%+1", "unix:dir=/tmp", "tcp:path=/x",
    "unix:path=/other;\u{301}", "unix:path=/x%\u{ff12}f",
  ])
  func `anything else has none`(text: String) {
    #expect(BusAddress(parsing: text) == nil)
  }

  @Test func `a path becomes an address that means that path`() {
    let path = "/tmp/a b,c;d%e=f/ü"
    #expect(BusAddress(parsing: BusAddress(path: path).text)?.socket == .path(Array(path.utf8)))
  }
}
