import AWSValues
import Testing

@testable import AWSServices
@testable import daypass

struct VacantNameTests {
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
    let vacant = try VacantName(for: bob, among: devices(assigned, free))
    #expect(vacant.name.text == name)
    #expect(vacant.leftover?.text == leftover.map { Self.account + $0 })
  }

  @Test func `a name that is asked for is taken as it is or not at all`() throws {
    let wish = try #require(MFADeviceName("phone"))
    #expect(try VacantName(wish, among: devices(["bob"], [])).name == wish)
    #expect(throws: MFADeviceError.nameTaken(wish)) { _ = try VacantName(wish, among: devices(["phone"], [])) }
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
