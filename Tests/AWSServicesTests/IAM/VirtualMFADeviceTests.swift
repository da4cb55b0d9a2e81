import AWSServices
import AWSValues
import OneTimeCodes
import Secrets
import TestSupport
import Testing

struct VirtualMFADeviceTests {
  private static let arn = "arn:aws:iam::123456789012:mfa/bob"

  private func create(_ seed: String) throws -> (AWSError?, String?) {
    let bench = Bench([
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
    let error = bench.error {
      let device = try IAM($0).createVirtualMFADevice(named: name, signedBy: Bench.longTermKey())
      #expect(device.device.text == Self.arn)
      let seed = device.takeSeed()
      text = seed.base32.revealed()
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
    let bench = Bench([
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
    let devices = try IAM(bench.client).virtualMFADevices(signedBy: Bench.longTermKey())
    #expect(devices.map(\.device.text) == [Self.arn, Self.arn + "2"])
    #expect(devices.map(\.user?.name?.text) == [nil, "bob"])
    #expect(devices.map(\.enableDate) == [nil, Bench.now])
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
