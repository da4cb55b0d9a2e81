import AWSValues
import FoundationEssentials
import Glibc
import Testing

@testable import AWSServices
@testable import Sessions
@testable import daypass

struct ReportTests {
  private static let now = Date(timeIntervalSince1970: 1_795_248_000)
  private static let role = "arn:aws:iam::123456789012:role/deploy"
  private static let device = "arn:aws:iam::123456789012:mfa/me"

  private static let base = ProfileReport.Entry(
    name: "base", source: "key", sourceName: "base", keyProfile: "base", hasKey: true,
    keyStored: "2026-08-22T07:59:59Z", keyAgeDays: 91,
    mfaSerial: device, expiration: "2026-11-21T19:59:00Z", secondsLeft: 43140)
  private static let prod = ProfileReport.Entry(
    name: "prod", source: "key", sourceName: "base", keyProfile: "base", hasKey: true,
    keyStored: "2026-08-22T07:59:59Z", keyAgeDays: 91, role: role,
    mfaSerial: device, expiration: "2026-11-21T08:59:59Z", secondsLeft: 3599)
  private static let new = ProfileReport.Entry(
    name: "new", source: "key", sourceName: "new", keyProfile: "new", hasKey: false)
  private static let plain = ProfileReport.Entry(
    name: "plain", source: "key", sourceName: "plain", keyProfile: "plain", hasKey: false,
    plainTextKey: "/home/me/.aws/credentials:2",
    plainTextKeyID: "AKIAMADEUP0000000001")
  private static let odd = ProfileReport.Entry(name: "odd", problem: "not\u{1b}this")

  private static func report(_ entries: ProfileReport.Entry..., problem: String? = nil, width: Int? = nil)
    -> ProfileReport
  {
    let sessions = [
      CachedSession.About(source: .key(of: "base"), role: role, device: device, issued: now, expiration: now + 3599),
      CachedSession.About(source: .key(of: "base"), role: nil, device: device, issued: now, expiration: now + 43140),
    ]
    return ProfileReport(entries, KeyInventory([], sessions, problem: problem, at: now), width: width)
  }

  private static let profilesAsJSON = """
    {
      "profiles" : [
        {
          "expiration" : "2026-11-21T08:59:59Z",
          "hasKey" : true,
          "keyAgeDays" : 91,
          "keyProfile" : "base",
          "keyStored" : "2026-08-22T07:59:59Z",
          "mfaSerial" : "arn:aws:iam::123456789012:mfa/me",
          "name" : "prod",
          "role" : "arn:aws:iam::123456789012:role/deploy",
          "secondsLeft" : 3599,
          "source" : "key",
          "sourceName" : "base"
        },
        {
          "hasKey" : false,
          "keyProfile" : "plain",
          "name" : "plain",
          "plainTextKey" : "/home/me/.aws/credentials:2",
          "plainTextKeyID" : "AKIAMADEUP0000000001",
          "source" : "key",
          "sourceName" : "plain"
        },
        {
          "name" : "odd",
          "problem" : "not\\u001bthis"
        }
      ],
      "sessions" : [
        {
          "expiration" : "2026-11-21T08:59:59Z",
          "keyProfile" : "base",
          "mfaSerial" : "arn:aws:iam::123456789012:mfa/me",
          "role" : "arn:aws:iam::123456789012:role/deploy",
          "secondsLeft" : 3599,
          "source" : "key",
          "sourceName" : "base"
        },
        {
          "expiration" : "2026-11-21T19:59:00Z",
          "keyProfile" : "base",
          "mfaSerial" : "arn:aws:iam::123456789012:mfa/me",
          "secondsLeft" : 43140,
          "source" : "key",
          "sourceName" : "base"
        }
      ]
    }

    """

  @Test(arguments: [
    ([], nil, "There is no key and no profile yet.", "New key: daypass add me. "),
    ([base, prod, new], nil, "Profiles: 3. Keys in the keyring: 1.", "Run a command: daypass exec base -- aws s3 ls."),
    ([new], nil, "Profiles: 1. Keys in the keyring: 0.", "Keep the key of new: daypass add new"),
    (
      [base, plain], nil, "Profiles: 2.",
      "Move the key of plain from its file to the keyring: daypass import --from credentials plain"
    ),
    ([new], "the keyring is locked: daypass unlock", "The keyring is locked: daypass unlock", "Run a command: "),
    ([odd], "a\u{1b}b", "A\\u{1b}b", "What to do about it: daypass doctor"),
  ])
  func `daypass alone says what to type next`(
    profiles: [ProfileReport.Entry], problem: String?, state: String, advice: String
  ) {
    let lines = FirstSteps(profiles, problem: problem).text.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix(state) && lines[1].hasPrefix(advice), "\(lines)")
  }

  @Test func `profiles are a table whose columns are as wide as they have to be`() {
    #expect(
      Self.report(Self.base, Self.prod, Self.new, Self.plain, Self.odd).text == """
        PROFILE  SOURCE                                       KEY AGE  ROLE                                   MFA DEVICE                        SESSION
        base     keyring                                      91 d     -                                      arn:aws:iam::123456789012:mfa/me  11 h 59 min left
        prod     via base                                     91 d     arn:aws:iam::123456789012:role/deploy  arn:aws:iam::123456789012:mfa/me  59 min left
        new      no key                                       -        -                                      -                                 -
        plain    in plain text (/home/me/.aws/credentials:2)  -        -                                      -                                 -
        odd      see below                                    -        -                                      -                                 -

        odd: not\\u{1b}this

        """)
  }

  @Test func `on a terminal of 80 columns names stand for ARNs, and what has no room stands below`() {
    #expect(
      Self.report(Self.base, Self.prod, Self.plain, width: 80).text == """
        PROFILE  SOURCE      KEY AGE  ROLE                 MFA DEVICE  SESSION
        base     keyring     91 d     -                    me          11 h 59 min left
        prod     via base    91 d     123456789012/deploy  me          59 min left
        plain    plain text  -        -                    -           -

        plain: in plain text (/home/me/.aws/credentials:2): daypass import --from credentials plain

        """)
  }

  @Test func `a key in plain text is imported under the name that it has, not that of the role's profile`() {
    let role = ProfileReport.Entry(
      name: "role", source: "key", sourceName: "plain", keyProfile: "plain", hasKey: false,
      plainTextKey: "/home/me/.aws/credentials:2")
    #expect(
      Self.report(role, width: 80).text
        .hasSuffix("\nrole: in plain text (/home/me/.aws/credentials:2): daypass import --from credentials plain\n"))
  }

  @Test func `a column that is empty throughout is left out`() {
    #expect(
      Self.report(Self.new, width: 80).text == """
        PROFILE  SOURCE
        new      no key

        """)
  }

  @Test(arguments: [40, 80, 100])
  func `no line of the table is wider than the terminal`(width: Int) {
    let long = ProfileReport.Entry(
      name: String(repeating: "payments-", count: 6) + "Admin", keyProfile: "base", hasKey: true, keyAgeDays: 1,
      role: "arn:aws:iam::123456789012:role/" + String(repeating: "x", count: 60), mfaSerial: Self.device)
    let lines = Self.report(long, Self.prod, width: width).text.split(separator: "\n")
    #expect(lines.filter { $0.count > width } == [])
    #expect(lines.contains { $0.contains("…") })
  }

  @Test func `a locked keyring is the last line, and without profiles there is no table`() {
    #expect(Self.report(Self.new, problem: "the keyring is locked").text.hasSuffix("no key\n\nthe keyring is locked\n"))
    #expect(Self.report().text == "")
  }

  @Test func `a session is found for each of many profiles in one look`() throws {
    let sessions = (0..<3).map { index in
      CachedSession.About(
        source: .key(of: "base"), role: nil, device: nil, issued: Self.now, expiration: Self.now + Double(index))
    }
    let inventory = KeyInventory(nil, sessions, problem: nil, at: Self.now)
    #expect(inventory.session(from: .key(of: "base"), role: nil)?.expiration == Self.now + 2)
    #expect(inventory.session(from: .key(of: "base"), role: Self.role) == nil)
    #expect(inventory.holdsKey(of: "base") == nil)
  }

  @Test func `JSON has nothing raw in it that would steer a terminal, and says the same`() throws {
    let name = "x\u{1b}\u{7f}\u{9b}2J\u{202e}\u{200b}\u{e0001}\u{e9}\u{1f600}\n"
    let json = try Self.report(ProfileReport.Entry(name: name)).json()
    #expect(json.unicodeScalars.allSatisfy { $0.isDisplayable || $0 == "\n" }, "\(json.debugDescription)")
    #expect(json.contains(#"x\u001b\u007f\u009b2J\u202e\u200b\udb40\udc01é😀\n""#), "\(json)")
  }

  @Test func `profiles as JSON have their keys in alphabetical order, and nothing where nothing is known`() throws {
    #expect(try Self.report(Self.prod, Self.plain, Self.odd).json() == Self.profilesAsJSON)
  }

  @Test(arguments: [(0, 0), (86_399, 0), (86_400, 1), (7_862_400, 91), (-86_400, 0)])
  func `a key's age is whole days, and never negative`(seconds: TimeInterval, days: Int) {
    let key = StoredKey(profile: "base", stored: Self.now - seconds)
    #expect(KeyInventory([key], [], problem: nil, at: Self.now).days(withKeyOf: "base") == days)
  }

  @Test func `an identity is its ARN, and as JSON its account and user id too`() throws {
    let report = IdentityReport(
      account: "123456789012", arn: "arn:aws:iam::123456789012:user/me", userID: "AIDAEXAMPLE")
    #expect(report.text == "arn:aws:iam::123456789012:user/me\n")
    #expect(
      try report.json() == """
        {
          "account" : "123456789012",
          "arn" : "arn:aws:iam::123456789012:user/me",
          "userID" : "AIDAEXAMPLE"
        }

        """)
  }

  @Test(arguments: [
    (-1, "expired"), (0, "0 s left"), (59, "59 s left"), (60, "1 min left"), (3599, "59 min left"),
    (3600, "1 h 0 min left"), (43199, "11 h 59 min left"), (129_600, "36 h 0 min left"),
  ])
  func `time left is said in two units at most`(seconds: Int, text: String) {
    #expect(TimeSpan(seconds: seconds).left == text)
  }

  @Test func `a clock time of today is short, of another day it has its date`() async {
    await #expect(processExitsWith: .success) {
      setenv("TZ", "XYZ-1", 1)
      tzset()
      let now = Date(timeIntervalSince1970: 1_795_248_000)
      let isRight =
        (now + 3600).localClockTime(at: now) == "10:00"
        && (now + 15 * 3600).localClockTime(at: now) == "2026-11-22 00:00"
        && (now + 365 * 86400).localClockTime(at: now) == "2027-11-21 09:00"
      exit(isRight ? 0 : 1)
    }
  }
}

// MARK: - Vacant name tests

struct AvailableNameTests {
  private static let account = "arn:aws:iam::123456789012:mfa/"
  private let bob: UserName

  init() throws { bob = try #require(UserName("bob")) }

  @Test(arguments: [
    ([], [], "bob", nil),
    (["bob"], [], "bob-2", nil),
    (["Bob", "bob-2"], [], "bob-3", nil),
    ([], ["bob"], "bob", "bob"),
    (["bob"], ["bob-2"], "bob-2", "bob-2"),
    ([], ["team/bob"], "bob-2", nil),
  ])
  func `a new device gets the first name that nobody uses`(
    assigned: [String], free: [String], name: String, leftover: String?
  ) throws {
    let vacant = try AvailableName(for: bob, among: devices(assigned, free))
    #expect(vacant.name.text == name)
    #expect(vacant.leftover?.text == leftover.map { Self.account + $0 })
  }

  @Test func `a name that is asked for is taken as it is or not at all`() throws {
    let wish = try #require(MFADeviceName("phone"))
    #expect(try AvailableName(wish, among: devices(["bob"], [])).name == wish)
    #expect(throws: MFADeviceError.nameTaken(wish)) { _ = try AvailableName(wish, among: devices(["phone"], [])) }
  }

  private func devices(_ assigned: [String], _ free: [String]) throws -> [VirtualMFADeviceDescription] {
    let owner = User(name: bob, arn: "arn:aws:iam::123456789012:user/bob")
    let all = assigned.map { ($0, User?.some(owner)) } + free.map { ($0, User?.none) }
    return try all.map { name, user in
      let device = try #require(MFADevice(Self.account + name))
      return VirtualMFADeviceDescription(device: device, user: user)
    }
  }
}
