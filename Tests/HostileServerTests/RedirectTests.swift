import TestSupport
import Testing

/// Redirects are not followed (N4).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct RedirectTests {
  @Test func `no redirect is followed, and nobody else sees a request`() throws {
    let customer = try Customer()
    let other = LoopbackServer()
    let targets = [
      "http://127.0.0.1:\(other.port)/", "https://127.0.0.1:\(other.port)/", "http://localhost:\(other.port)/?x=1",
      "//127.0.0.1:\(other.port)/", "/", "file:///etc/passwd", "dict://127.0.0.1:\(other.port)/", "",
    ]
    for (index, status) in [301, 302, 303, 307, 308].enumerated() {
      for target in targets[index...] + targets[..<index].prefix(1) {
        let answer = SessionAnswer.http("", status: "\(status) Moved", headers: ["Location: \(target)"])
        try HostileCase("\(status) to \(target)", .answer(answer), .refused(75, "status \(status)")).check(customer)
      }
    }
    let followed = other.requests().count
    Tally.record("requests elsewhere", followed == 0 ? [] : ["\(followed)"])
  }
}
