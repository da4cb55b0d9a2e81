import AWSServices
import AWSValues

/// A name under which a virtual MFA device can be made, and the device of that name that an enrolment left behind and
/// nobody can use: its seed was told once.
struct VacantName: Equatable {
  let name: MFADeviceName
  let leftover: MFADevice?

  /// `wish`, or else it throws `nameTaken`.
  init(_ wish: MFADeviceName, among devices: [VirtualMFADeviceDescription]) throws(MFADeviceError) {
    guard let vacant = VacantName(wish.text, among: devices) else { throw .nameTaken(wish) }
    self = vacant
  }

  /// The user's name, or the first of `NAME-2`, `NAME-3`, … that no other device has.
  init(for user: UserName, among devices: [VirtualMFADeviceDescription]) throws(MFADeviceError) {
    let names = [user.text] + (2...devices.count + 2).map { "\(user.text)-\($0)" }
    guard let vacant = names.lazy.compactMap({ VacantName($0, among: devices) }).first else {
      throw .severalDevices(devices.map(\.device))
    }
    self = vacant
  }

  /// Nil where a device of that name belongs to somebody, or stands under a path that we never make one under. IAM does
  /// not tell names apart by case.
  private init?(_ text: String, among devices: [VirtualMFADeviceDescription]) {
    guard let name = MFADeviceName(text) else { return nil }
    let same = devices.filter { $0.device.name.lowercased() == text.lowercased() }
    guard same.allSatisfy({ $0.user == nil && $0.device.text.hasSuffix(":mfa/\($0.device.name)") }) else { return nil }
    self.name = name
    leftover = same.first?.device
  }
}
