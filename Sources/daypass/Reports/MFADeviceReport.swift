import AWSServices
import AWSValues
import FoundationEssentials

/// What `mfa list` prints.
struct MFADeviceReport: Report {
  let mfaDevices: [Entry]

  struct Entry: Encodable {
    let serialNumber: String
    let kind: MFADeviceKind
    /// RFC 3339, UTC; absent where AWS does not say.
    let enableDate: String?
    /// Whether STS can use it.
    let givesCodes: Bool
    /// Whether the profile asks for codes of it.
    let usedByProfile: Bool
  }

  init(_ devices: [MFADeviceDescription], ofProfile device: MFADevice?) {
    mfaDevices = devices.map {
      Entry(
        serialNumber: $0.device.text, kind: $0.device.kind, enableDate: $0.enableDate?.rfc3339,
        givesCodes: $0.device.givesCodes, usedByProfile: $0.device == device)
    }
  }

  var text: String {
    Table(
      header: ["MFA DEVICE", "KIND", "SINCE", "PROFILE"],
      rows: mfaDevices.map {
        [$0.serialNumber, $0.kind.rawValue, String(($0.enableDate ?? "-").prefix(10)), use(of: $0)]
      }
    ).text
  }

  private func use(of entry: Entry) -> String {
    guard entry.givesCodes else { return "unusable: shows no codes for STS" }
    return entry.usedByProfile ? "uses it" : "-"
  }
}
