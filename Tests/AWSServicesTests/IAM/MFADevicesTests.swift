import AWSServices
import AWSValues
import FoundationEssentials
import TestSupport
import Testing

struct MFADevicesTests {
  private func page(_ serials: [String], rest: String = "<IsTruncated>false</IsTruncated>") -> ScriptedTransport.Step {
    let members = serials.map {
      """
      <member><UserName>alice</UserName><SerialNumber>\($0)</SerialNumber>\
      <EnableDate>2026-11-21T08:00:00Z</EnableDate></member>
      """
    }
    return .answer(
      200,
      """
      <ListMFADevicesResponse><ListMFADevicesResult><MFADevices>\(members.joined())</MFADevices>\(rest)\
      </ListMFADevicesResult></ListMFADevicesResponse>
      """)
  }

  private func more(_ marker: String) -> String { "<IsTruncated>true</IsTruncated><Marker>\(marker)</Marker>" }

  @Test func `devices of all pages are listed`() throws {
    let bench = Bench([page(["GAHT12345678"], rest: more("m/1")), page(["arn:aws:iam::123456789012:mfa/alice"])])
    let devices = try IAM(bench.client).mfaDevices(signedBy: Bench.longTermKey())
    #expect(devices.map(\.device.text) == ["GAHT12345678", "arn:aws:iam::123456789012:mfa/alice"])
    #expect(devices.map(\.userName.text) == ["alice", "alice"])
    #expect(devices.map(\.enableDate) == [Bench.now, Bench.now])
    #expect(
      bench.transport.requests.map(\.body) == [
        "Action=ListMFADevices&Version=2010-05-08", "Action=ListMFADevices&Version=2010-05-08&Marker=m%2F1",
      ])
  }

  @Test func `another user is named`() throws {
    let bench = Bench([page([])])
    #expect(try IAM(bench.client).mfaDevices(ofUser: UserName("bob@x"), signedBy: Bench.longTermKey()).isEmpty)
    #expect(bench.transport.requests[0].parameters["UserName"] == "bob@x")
  }

  @Test(arguments: [
    ("GAHT12345678", "<IsTruncated>true</IsTruncated>", "ListMFADevicesResult/Marker"), ("short", "", "SerialNumber"),
  ])
  func `a page that cannot be followed or read is an error`(serial: String, rest: String, element: String) {
    let bench = Bench([page([serial], rest: rest)])
    let error = bench.error { _ = try IAM($0).mfaDevices(signedBy: Bench.longTermKey()) }
    #expect(error == .malformed(call: "ListMFADevices", element: element))
  }

  @Test func `pages without end are given up`() {
    let bench = Bench((1...1000).map { page([], rest: more("m\($0)")) })
    let error = bench.error { _ = try IAM($0).mfaDevices(signedBy: Bench.longTermKey()) }
    #expect(error == .malformed(call: "ListMFADevices", element: "next page"))
    #expect(bench.transport.remaining == 0)
  }
}
