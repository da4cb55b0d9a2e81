import AWSServices
import AWSValues
import Keyring
import Profiles
import Sessions

@testable import daypass

/// What the keyring, and what it holds, can be wrong in.
extension ExplainedCase {
  private static let key = ItemID(kind: .longTermKey, name: hostile)
  private static let session = ItemID(kind: .session, name: "0f")
  private static let device = MFADevice("arn:aws:iam::123456789012:mfa/me")

  static let keyring: [ExplainedCase] = [
    .init(KeyringError.noBus, .noKeyring),
    .init(KeyringError.unusableBus(address: hostile, reason: .notUnix), .noKeyring),
    .init(KeyringError.unusableBus(address: hostile, reason: .unreachable), .noKeyring),
    .init(KeyringError.unusableBus(address: hostile, reason: .foreignOwner), .noKeyring),
    .init(KeyringError.noService, .noKeyring), .init(KeyringError.serviceEnded, .tryAgain),
    .init(KeyringError.noCollection(hostile), .noKeyring), .init(KeyringError.locked, .keyringLocked),
    .init(KeyringError.dismissed, .keyringLocked),
    .init(KeyringError.timedOut(seconds: 2, unlocking: true), .keyringLocked),
    .init(KeyringError.timedOut(seconds: 2, unlocking: false), .tryAgain),
    .init(KeyringError.plainTransport, .noKeyring),
    .init(KeyringError.damaged(key), .failure), .init(KeyringError.damaged(session), .failure),
    .init(KeyringError.ambiguous(key, paths: [hostile, hostile]), .failure),
    .init(KeyringError.notStored(session), .failure),
    .init(KeyringError.emptySecret, .failure, .absent), .init(KeyringError.tooLarge(limit: 1), .failure, .absent),
    .init(KeyringError.libraryMissing("libsecret-1.so.0", package: "libsecret-1-0"), .failure),
    .init(KeyringError.workerEnded, .tryAgain), .init(KeyringError.service(hostile), .failure),
    .init(KeyringError.changed, .tryAgain), .init(KeyringError.noCollection("default"), .noKeyring),
    .init(KeyringError.noPrompter, .keyringLocked), .init(KeyringError.notWritten(key, hostile), .failure),
  ]

  static let sessions: [ExplainedCase] =
    [
      .init(SessionError.noKey(profile: hostile, plainText: nil), .noSuchProfile),
      .init(
        SessionError.noKey(profile: hostile, plainText: SourceLocation(file: hostile, line: 1)), .noSuchProfile),
      .init(SessionError.damagedKey(profile: hostile, .truncated), .failure),
      .init(SessionError.damagedKey(profile: hostile, .checksum), .failure),
      .init(SessionError.damagedKey(profile: hostile, .malformed), .failure),
      .init(SessionError.damagedKey(profile: hostile, .unknownVersion(9)), .failure),
      .init(SessionError.promptCancelled, .refused, .absent), .init(SessionError.invalidCode, .usage),
    ]
    + [device].compactMap { $0 }.flatMap { device in
      [
        ExplainedCase(SessionError.noPrompt(device: device), .refused),
        ExplainedCase(SessionError.noValidCode(device: device, tries: 1, nil), .refused),
        ExplainedCase(SessionError.noValidCode(device: device, tries: 3, refusedCode), .refused),
      ]
    }

  private static let refusedCode = ServiceError(code: "AccessDenied", message: hostile, requestID: hostile, status: 403)
}
