import AWSServices
import AWSValues
import Scenarios

@testable import daypass

/// What keeps MFA devices as they are, and scenarios from proving anything.
extension ExplainedCase {
  private static let refusal = ServiceError(
    code: "InvalidAuthenticationCode", message: hostile, requestID: hostile, status: 403)

  static let devices: [ExplainedCase] =
    [
      .init(MFADeviceError.noTerminal, .usage), .init(MFADeviceError.oneFormOnly, .usage),
      .init(MFADeviceError.noBlockCharacters, .usage), .init(MFADeviceError.notAUser(arn: hostile), .refused),
      .init(MFADeviceError.noDevice(profile: hostile), .failure),
      .init(MFADeviceError.severalDevices([]), .usage), .init(MFADeviceError.interrupted, .failure, .absent),
    ]
    + [MFADevice("arn:aws:iam::123456789012:mfa/alice")].compactMap { $0 }.flatMap { device in
      [
        ExplainedCase(MFADeviceError.severalDevices([device, device]), .usage),
        ExplainedCase(MFADeviceError.showsNoCodes(device), .usage, .absent),
        ExplainedCase(MFADeviceError.noValidCodes(device, tries: 3, nil), .refused),
        ExplainedCase(MFADeviceError.noValidCodes(device, tries: 3, refusal), .refused),
      ]
    }

  static let scenarios: [ExplainedCase] =
    Check.allCases.map { .init(ScenarioError.expectationFailed($0), .disproved) } + [
      .init(ScenarioError.notSeen(.key, seconds: 120), .tryAgain),
      .init(ScenarioError.codesRefused(tries: 3, refusal), .refused),
      .init(ScenarioError.codesRefused(tries: 1, nil), .refused),
      .init(ScenarioError.interrupted, .failure, .absent),
      .init(ScenarioError.unusableARN(hostile), .failure, .absent), .init(ScenarioError.remains([]), .failure),
    ]
}
