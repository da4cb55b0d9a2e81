import Foundation
import Glibc
import POSIX
import TestSupport
import Testing

@testable import Keyring

/// The states of the session bus, without a keyring.
struct BusStateTests {
  private let scratch = ScratchFolder()

  private func error(in environment: [String: String], answer: Duration = .seconds(20)) -> SecretStoreError? {
    let store = TestKeyring.store(environment, timeouts: KeyringTimeouts(answer: answer))
    do throws(SecretStoreError) {
      _ = try store.bytes(of: TestKeyring.key)
      return nil
    } catch { return error }
  }

  @Test(arguments: [[:], ["DBUS_SESSION_BUS_ADDRESS": ""], ["XDG_RUNTIME_DIR": "relative"]])
  func `without a bus there is none, whatever dbus-launch would say`(environment: [String: String]) {
    #expect(error(in: environment.merging(["DISPLAY": ":79"]) { _, new in new }) == .secretService(.noBus))
  }

  @Test func `a runtime folder without bus is no bus`() {
    #expect(error(in: ["XDG_RUNTIME_DIR": scratch.path]) == .secretService(.noBus))
  }

  @Test(arguments: [
    "tcp:host=127.0.0.1,port=1", "unixexec:path=/bin/false", "autolaunch:", "nonce-tcp:host=127.0.0.1", "launchd:env=X",
    "unix:", "unix:tmpdir=/tmp", "nonsense", "unix:path=%zz",
  ])
  func `an address that is not a socket of this machine is refused`(address: String) {
    #expect(
      error(in: ["DBUS_SESSION_BUS_ADDRESS": address])
        == .secretService(.unusableBus(address: address, reason: .notUnix)))
  }

  @Test(arguments: ["/nowhere/bus", "/dev/null", "/" + String(repeating: "x", count: 200)])
  func `an address where nobody listens is unreachable`(path: String) {
    let address = "unix:path=" + path
    #expect(
      error(in: ["DBUS_SESSION_BUS_ADDRESS": address])
        == .secretService(.unusableBus(address: address, reason: .unreachable)))
  }

  @Test func `a keyring has ten seconds for an answer`() {
    #expect(KeyringTimeouts().answer == .seconds(10))
  }

  @Test func `a bus that accepts and never speaks is given up on`() throws {
    let listener = try MuteListener(path: scratch.path + "/bus")
    #expect(error(in: ["XDG_RUNTIME_DIR": scratch.path], answer: .seconds(2)) == .timedOut(seconds: 2))
    withExtendedLifetime(listener) {}
  }

  @Test(.enabled(if: geteuid() == 0 && Installed.has("python3"), "needs root and python3"))
  func `a bus of another user is not trusted`() throws {
    let listener = try ForeignListener(path: scratch.path + "/bus")
    let address = "unix:path=" + scratch.path + "/bus"
    #expect(
      error(in: ["DBUS_SESSION_BUS_ADDRESS": address])
        == .secretService(.unusableBus(address: address, reason: .foreignOwner)))
    withExtendedLifetime(listener) {}
  }

  @Test(.enabled(if: Installed.has("dbus-daemon"), "dbus-daemon is not installed"))
  func `a bus without Secret Service is reported`() throws {
    let bus = try PrivateBus()
    #expect(error(in: bus.environment) == .secretService(.noService))
  }

  @Test(.keyring)
  func `a bus that does not tell whose process the keyring is keeps nobody from a key`() throws {
    let keyring = try PrivateKeyring(.withoutAnswer(to: "GetConnectionUnixProcessID"))
    let store = TestKeyring.store(keyring.environment)
    try store.save([1], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test func `a bus whose queue of callers is full is distinguished from one that is not there`() throws {
    let socket = UnixSocket.path(Array((scratch.path + "/bus").utf8))
    let listener = try MuteListener(path: scratch.path + "/bus", waiting: 0)
    let caller = try SocketCaller(of: scratch.path + "/bus")
    #expect(socket.problem() == .full)
    withExtendedLifetime((listener, caller)) {}
  }

  @Test(.enabled(if: Installed.has("dbus-daemon"), "dbus-daemon is not installed"))
  func `without an address the bus of the runtime folder is taken`() throws {
    let bus = try PrivateBus()
    #expect(error(in: bus.environment.filter { $0.key == "XDG_RUNTIME_DIR" }) == .secretService(.noService))
  }

  @Test(.enabled(if: Installed.has("dbus-daemon"), "dbus-daemon is not installed"))
  func `without any variable the bus of the user's login is taken`() throws {
    let bus = try PrivateBus()
    let folder = try #require(bus.environment["XDG_RUNTIME_DIR"])
    #expect(try SessionBus(environment: [:], usualFolder: folder).address() == BusAddress(path: folder + "/bus"))
  }

  @Test func `a link or a file in the place of the login's bus is not followed`() throws {
    let listener = try MuteListener(path: scratch.path + "/real", waiting: 1)
    let folder = scratch.makeFolder("usual")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/bus", withDestinationPath: scratch.path + "/real")
    #expect(throws: SecretStoreError.secretService(.noBus)) {
      try SessionBus(environment: [:], usualFolder: folder).address()
    }
    withExtendedLifetime(listener) {}
  }
}

// MARK: - Bus address tests

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

  @Test(arguments: [
    ("tcp:host=evil;unix:path=/x;autolaunch:", "unix:path=/x"), ("unix:path=/x,path=/evil", "unix:path=/x"),
    ("unix:path=/x,abstract=evil,guid=0123", "unix:path=/x"), ("unix:abstract=a%20b,path=/evil", "unix:abstract=a%20b"),
  ])
  func `GLib gets the socket that was checked, and no other`(text: String, checked: String) {
    #expect(BusAddress(parsing: text)?.text == checked)
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

// MARK: - Foreign listener

/// A socket at which a process of another user listens; only root can arrange this.
final class ForeignListener {
  private let process: ChildProcess

  init(path: String) throws {
    // The kernel remembers whose process called listen(2), not whose file it is.
    let program = """
      import os, signal, socket
      listener = socket.socket(socket.AF_UNIX)
      listener.bind("\(path)")
      os.setuid(65534)
      listener.listen(8)
      print("listening", flush=True)
      signal.pause()
      """
    process = ChildProcess(["python3", "-c", program], environment: [:])
    let isReady = eventually { [process] in process.output == "listening\n" }
    guard isReady else { throw SetupFailure(process.errors) }
  }
}
