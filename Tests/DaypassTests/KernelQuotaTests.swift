import Testing

@testable import daypass

/// What `doctor` makes of /proc/key-users.
struct KernelQuotaTests {
  private static func table(_ use: String) -> String {
    "    0:    91 90/90 79/1000000 1721/25000000\n 1000:     7 7/7 \(use)\n10000:     1 1/1 200/200 20000/20000\n"
  }

  @Test(arguments: [
    ("0/200 0/20000", false), ("180/200 100/20000", false), ("181/200 100/20000", true), ("200/200 100/20000", true),
    ("7/200 18000/20000", false), ("7/200 18001/20000", true),
  ])
  func `the room for keys is short if nine tenths are used`(use: String, isShort: Bool) throws {
    let quota = try #require(KernelQuota(table: Self.table(use), user: 1000))
    #expect(quota.isShort == isShort)
  }

  @Test func `of several users the right one's line is read and reported`() throws {
    let quota = try #require(KernelQuota(table: Self.table("190/200 19000/20000"), user: 1000))
    #expect(quota.words == "the kernel has room for 200 keys and 20000 bytes; 190 and 19000 are used")
    #expect(KernelQuota(table: Self.table("0/200 0/20000"), user: 0)?.isShort == false)
  }

  @Test(arguments: ["", "1000: 7 7/7", "1000: 7 7/7 x/200 0/20000", "100: 7 7/7 7/200 0/20000"])
  func `a table without the user says nothing`(table: String) {
    #expect(KernelQuota(table: table, user: 1000) == nil)
  }
}
