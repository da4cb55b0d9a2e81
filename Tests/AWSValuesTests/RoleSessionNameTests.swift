import AWSValues
import Testing

struct RoleSessionNameTests {
  @Test(arguments: [
    ("alice", "box", "alice@box"), ("al ice", "b\u{f6}x.example", "al-ice@b-x.example"), ("", "", "daypass@"),
    ("a", "", "a@"), ("DOM\\al", "h\n", "DOM-al@h-"),
    (String(repeating: "a", count: 70), "box", String(repeating: "a", count: 64)),
  ])
  func `a default name says who and where, in AWS's characters`(user: String, host: String, name: String) {
    let made = RoleSessionName(user: user, host: host)
    #expect(made.text == name)
    #expect(RoleSessionName(made.text) == made)
  }
}
