import FoundationEssentials
import Sessions
import Testing

struct SessionMarginTests {
  @Test(arguments: [
    (SessionMargin.command, 43200, 300, true),
    (.command, 43200, 299, false),
    (.credentialProcess, 3600, 960, true),
    (.credentialProcess, 3600, 959, false),
    (.credentialProcess, 900, 300, true),
    (.credentialProcess, 900, 299, false),
    (.command, 900, 300, true),
    (SessionMargin(timeLeft: 1800, short: .refuse), 900, 900, false),
    (SessionMargin(timeLeft: 0, short: .refuse), 900, 0, true),
  ])
  func `a session is handed out with enough time left`(margin: SessionMargin, life: Int, left: Int, allowed: Bool) {
    let issued = Date(timeIntervalSince1970: 1_795_000_000)
    let expiration = issued + TimeInterval(life)
    #expect(margin.allows(issued: issued, expiration: expiration, at: expiration - TimeInterval(left)) == allowed)
  }
}
