import AWSDouble
import Foundation
import Testing

struct IAMTests {
  @Test func `a user with a path is named by it`() throws {
    let answer = try Bench().iam("GetUser", as: .bob)
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/team/bob")
    #expect(answer?["UserName"] == "bob" && answer?["Path"] == "/team/")
  }

  @Test func `a session without mfa is no good for iam`() throws {
    let bench = try Bench()
    let plain = try #require(bench.sts("GetSessionToken")?.key)
    #expect(bench.iam("GetUser", as: plain)?["Code"] == "InvalidClientTokenId")
    #expect(bench.iam("GetUser", as: try bench.mfaSession())?.status == 200)
  }

  @Test func `a user without iam GetUser is told so`() throws {
    let bench = try Bench { $0[user: "alice"]?.deniedActions = ["iam:GetUser"] }
    let answer = bench.iam("GetUser")
    #expect(answer?["Code"] == "AccessDenied")
    #expect(answer?["Message"]?.contains("not authorized to perform: iam:GetUser on resource") == true)
  }

  @Test func `a name that nobody has is no such entity`() throws {
    let answer = try Bench().iam("GetUser", ["UserName": "carol"])
    #expect(answer?["Code"] == "NoSuchEntity" && answer?.status == 404)
  }

  @Test func `devices come page by page`() throws {
    let bench = try Bench {
      let serials = (1...3).map { "arn:aws:iam::123456789012:mfa/phone-\($0)" }
      $0[user: "alice"]?.mfaDevices = serials.map { VirtualMFADevice(serial: $0, seed: "JBSWY3DPEHPK3PXP") }
    }
    let first = bench.iam("ListMFADevices", ["MaxItems": "2"])
    #expect(first?["IsTruncated"] == "true" && first?.all("SerialNumber").count == 2)
    let rest = bench.iam("ListMFADevices", ["Marker": try #require(first?["Marker"])])
    #expect(rest?["IsTruncated"] == "false" && rest?["Marker"] == nil)
    #expect(rest?.all("SerialNumber") == ["arn:aws:iam::123456789012:mfa/phone-3"])
  }

  @Test func `iam may give a shorter page than was asked for`() throws {
    let bench = try Bench {
      $0.iamPageSize = 1
      $0[user: "alice"]?.mfaDevices += [VirtualMFADevice(serial: "arn:aws:iam::123456789012:mfa/two", seed: "AAAA")]
    }
    #expect(bench.iam("ListMFADevices")?["IsTruncated"] == "true")
  }
}
