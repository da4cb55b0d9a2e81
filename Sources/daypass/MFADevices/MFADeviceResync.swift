import AWSServices
import AWSValues
import Console
import Profiles

/// What `mfa resync` does. A session that is kept signs it; else the key, since the device's codes may fail, and only
/// where a policy denies it that, a new session.
struct MFADeviceResync {
  let plan: CredentialPlan
  let options: SessionOptions
  let host: Host

  func run(_ named: MFADevice?, askingOn terminal: borrowing Terminal) throws {
    let choice = DeviceChoice(named: named, ofProfile: try host.mfaSerial(of: plan))
    guard try !keepsSession() else { return try resync(choice, by: plan.forUser, terminal) }
    do {
      try resync(choice, by: plan.forKey, terminal)
    } catch let error as AWSError where error.means(.accessDenied) && !plan.forUser.steps.isEmpty {
      host.diagnostics.note(Explained.sessionFirst)
      try resync(choice, by: plan.forUser, terminal)
    }
  }

  private func keepsSession() throws -> Bool {
    try host.access(by: plan.forUser, options).keepsSession(margin: .command)
  }

  private func resync(_ choice: DeviceChoice, by plan: CredentialPlan, _ terminal: borrowing Terminal) throws {
    try host.withMFADevices(by: plan, options) { devices in
      let known = try choice.isMade ? [] : devices.all().map(\.device)
      let device = try choice.device(among: known, of: plan.keyProfile)
      try devices.resync(device, askingOn: terminal, for: host)
    }
  }
}
