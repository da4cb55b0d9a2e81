import AWSValues
import FoundationEssentials
import Glibc
import Sessions
import Testing

@testable import AWSServices
@testable import daypass

struct ReportTests {
  private static let now = Date(timeIntervalSince1970: 1_795_248_000)
  private static let role = "arn:aws:iam::123456789012:role/deploy"
  private static let device = "arn:aws:iam::123456789012:mfa/me"

  private static let age = KeyAge(of: now - 91 * 86_400 - 1, at: now)

  private static let profiles = ProfileReport(
    entries: [
      .init(name: "base", keyProfile: "base", hasKey: true, keyAge: age, role: nil, mfaSerial: device, problem: nil),
      .init(name: "prod", keyProfile: "base", hasKey: true, keyAge: age, role: role, mfaSerial: device, problem: nil),
      .init(name: "new", keyProfile: "new", hasKey: false, keyAge: nil, role: nil, mfaSerial: nil, problem: nil),
      .init(
        name: "odd", keyProfile: nil, hasKey: false, keyAge: nil, role: nil, mfaSerial: nil, problem: "not\u{1b}this"),
    ],
    sessions: [
      .init(keyProfile: "base", role: role, device: device, issued: now, expiration: now + 3599),
      .init(keyProfile: "base", role: nil, device: device, issued: now, expiration: now + 43140),
    ], now: now)

  private static let profilesAsJSON = """
    {
      "profiles" : [
        {
          "hasKey" : true,
          "keyAgeDays" : 91,
          "keyProfile" : "base",
          "keyStored" : "2026-08-22T07:59:59Z",
          "mfaSerial" : "arn:aws:iam::123456789012:mfa/me",
          "name" : "base"
        },
        {
          "hasKey" : true,
          "keyAgeDays" : 91,
          "keyProfile" : "base",
          "keyStored" : "2026-08-22T07:59:59Z",
          "mfaSerial" : "arn:aws:iam::123456789012:mfa/me",
          "name" : "prod",
          "role" : "arn:aws:iam::123456789012:role/deploy"
        },
        {
          "hasKey" : false,
          "keyProfile" : "new",
          "name" : "new"
        },
        {
          "hasKey" : false,
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
          "secondsLeft" : 3599
        },
        {
          "expiration" : "2026-11-21T19:59:00Z",
          "keyProfile" : "base",
          "mfaSerial" : "arn:aws:iam::123456789012:mfa/me",
          "secondsLeft" : 43140
        }
      ]
    }

    """

  @Test func `profiles are a table whose columns are as wide as they have to be`() {
    #expect(
      Self.profiles.text == """
        PROFILE  KEY             KEY AGE  ROLE                                   MFA DEVICE                        SESSION
        base     in the keyring  91 d     -                                      arn:aws:iam::123456789012:mfa/me  11 h 59 min left
        prod     of base         91 d     arn:aws:iam::123456789012:role/deploy  arn:aws:iam::123456789012:mfa/me  59 min left
        new      missing         -        -                                      -                                 -
        odd      -               -        -                                      -                                 not\\u{1b}this

        """)
  }

  @Test func `profiles as JSON have their keys in alphabetical order, and nothing where nothing is known`() throws {
    #expect(try Self.profiles.json() == Self.profilesAsJSON)
  }

  @Test(arguments: [(0, 0), (86_399, 0), (86_400, 1), (7_862_400, 91), (-86_400, 0)])
  func `a key's age is whole days, and never negative`(seconds: TimeInterval, days: Int) {
    #expect(KeyAge(of: Self.now - seconds, at: Self.now).days == days)
  }

  @Test func `an identity is its ARN, and as JSON its account and user id too`() throws {
    let report = IdentityReport(
      CallerIdentity(account: "123456789012", arn: "arn:aws:iam::123456789012:user/me", userID: "AIDAEXAMPLE"))
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
    let owner = User(name: bob, path: "/", arn: "arn:aws:iam::123456789012:user/bob", id: "A", creationDate: nil)
    let all = assigned.map { ($0, User?.some(owner)) } + free.map { ($0, User?.none) }
    return try all.map { name, user in
      let device = try #require(MFADevice(Self.account + name))
      return VirtualMFADeviceDescription(device: device, user: user, enableDate: nil)
    }
  }
}
