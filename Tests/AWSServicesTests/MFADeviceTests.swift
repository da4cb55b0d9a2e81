import AWSServices
import AWSValues
import FoundationEssentials
import Secrets
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
    let fixture = Fixture([page(["GAHT12345678"], rest: more("m/1")), page(["arn:aws:iam::123456789012:mfa/alice"])])
    let devices = try IAM(fixture.client).mfaDevices(signedBy: Fixture.longTermKey())
    #expect(devices.map(\.device.text) == ["GAHT12345678", "arn:aws:iam::123456789012:mfa/alice"])
    #expect(devices.map(\.enableDate) == [Fixture.now, Fixture.now])
    #expect(
      fixture.transport.requests.map(\.body) == [
        "Action=ListMFADevices&Version=2010-05-08", "Action=ListMFADevices&Version=2010-05-08&Marker=m%2F1",
      ])
  }

  @Test func `another user is named`() throws {
    let fixture = Fixture([page([])])
    #expect(try IAM(fixture.client).mfaDevices(ofUser: UserName("bob@x"), signedBy: Fixture.longTermKey()).isEmpty)
    #expect(fixture.transport.requests[0].parameters["UserName"] == "bob@x")
  }

  @Test(arguments: [
    ("GAHT12345678", "<IsTruncated>true</IsTruncated>", "ListMFADevicesResult/Marker"), ("short", "", "SerialNumber"),
  ])
  func `a page that cannot be followed or read is an error`(serial: String, rest: String, element: String) {
    let fixture = Fixture([page([serial], rest: rest)])
    let error = fixture.error { _ = try IAM($0).mfaDevices(signedBy: Fixture.longTermKey()) }
    #expect(error == .malformed(call: "ListMFADevices", element: element))
  }

  @Test func `pages without end are given up`() {
    let fixture = Fixture((1...1000).map { page([], rest: more("m\($0)")) })
    let error = fixture.error { _ = try IAM($0).mfaDevices(signedBy: Fixture.longTermKey()) }
    #expect(error == .listTooLong(call: "ListMFADevices"))
    #expect(fixture.transport.remaining == 0)
  }
}

// MARK: - Virtual MFA device tests

struct VirtualMFADeviceTests {
  private static let arn = "arn:aws:iam::123456789012:mfa/bob"

  private func create(_ seed: String) throws -> (AWSError?, String?) {
    let fixture = Fixture([
      .answer(
        200,
        """
        <CreateVirtualMFADeviceResponse><CreateVirtualMFADeviceResult><VirtualMFADevice>\
        <SerialNumber>\(Self.arn)</SerialNumber><Base32StringSeed>\(seed)</Base32StringSeed>\
        <QRCodePNG>iVBORw0KGgo=</QRCodePNG></VirtualMFADevice></CreateVirtualMFADeviceResult>\
        </CreateVirtualMFADeviceResponse>
        """)
    ])
    let name: MFADeviceName = try IAMCall.made("bob")
    var text: String?
    let error = fixture.error {
      let device = try IAM($0).createVirtualMFADevice(named: name, signedBy: Fixture.longTermKey())
      #expect(device.device.text == Self.arn)
      text = device.seed.base32.revealed()
    }
    return (error, text)
  }

  @Test(arguments: [
    ("SkJTV1kzRFBFSFBLM1BYUA==", "JBSWY3DPEHPK3PXP"), ("TVpYUQ==", "MZXQ"), ("TVpYVzY=", "MZXW6"),
    ("TVpYVzZZVEI=", "MZXW6YTB"), ("TVpYVzZZVEJPSVhB", "MZXW6YTBOIXA"),
  ])
  func `the seed is base32, which comes in base64`(wire: String, base32: String) throws {
    let (error, seed) = try create(wire)
    #expect(error == nil && seed == base32)
  }

  @Test(arguments: [
    "JBSWY3DPEHPK3PXP", "TVpYUQ", "TVpYUQ=", "TVpY=Q==", "T===", "====", "TVpYUQ==TVpYUQ==", "TVp-", "TVpYMQ==", "MTE=",
  ])
  func `a seed in another form is refused`(wire: String) throws {
    let (error, _) = try create(wire)
    #expect(error == .malformed(call: "CreateVirtualMFADevice", element: "Base32StringSeed"))
  }

  @Test func `virtual devices are listed with their owners`() throws {
    let fixture = Fixture([
      .answer(
        200,
        """
        <ListVirtualMFADevicesResponse><ListVirtualMFADevicesResult><VirtualMFADevices>\
        <member><SerialNumber>\(Self.arn)</SerialNumber></member>\
        <member><SerialNumber>\(Self.arn)2</SerialNumber><EnableDate>2026-11-21T08:00:00Z</EnableDate>\
        <User><UserName>bob</UserName><Path>/</Path><UserId>A</UserId><Arn>arn:aws:iam::123456789012:user/bob</Arn></User>\
        </member></VirtualMFADevices></ListVirtualMFADevicesResult></ListVirtualMFADevicesResponse>
        """)
    ])
    let devices = try IAM(fixture.client).virtualMFADevices(signedBy: Fixture.longTermKey())
    #expect(devices.map(\.device.text) == [Self.arn, Self.arn + "2"])
    #expect(devices.map(\.user?.name?.text) == [nil, "bob"])
  }

  @Test(arguments: [("111111", "111111", "bob"), ("111111", "222222", "eve")])
  func `codes that cannot be consecutive are refused`(first: String, second: String, owner: String) throws {
    let device: MFADevice = try IAMCall.made(Self.arn)
    let other: MFADevice = try IAMCall.made("arn:aws:iam::123456789012:mfa/" + owner)
    guard let one = MFACode(SecretBytes(copying: first), of: device),
      let two = MFACode(SecretBytes(copying: second), of: other)
    else { throw SetupFailure("no codes") }
    let isPossible = ConsecutiveCodes(one, two).exists
    #expect(!isPossible)
  }
}
