import Console
import Delivery
import QRCodes

@testable import daypass

/// What goes wrong between the user, the terminal and the command.
extension ExplainedCase {
  static let delivery: [ExplainedCase] = [
    .init(DeliveryError.unusableValue(name: hostile, problem: .empty), .failure),
    .init(DeliveryError.unusableValue(name: hostile, problem: .controlCharacter), .failure),
    .init(DeliveryError.unusableValue(name: hostile, problem: .notUTF8), .failure),
    .init(DeliveryError.unusableInFormat(name: hostile, format: .env), .failure),
    .init(DeliveryError.commandNotFound(hostile), .notFound, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .noPermission), .notExecutable, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .directory), .notExecutable, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .argumentsTooLong), .notExecutable, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .interpreterMissing), .notFound, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .other(errno: 8)), .notExecutable, .absent),
    .init(DeliveryError.outputFailed(errno: 28), .failure, .absent),
    .init(DeliveryError.fileExists(path: hostile), .failure),
    .init(DeliveryError.fileFailed(path: hostile, errno: 28), .failure, .absent),
  ]

  static let process: [ExplainedCase] = [
    .init(HardeningError.elevated, .failure), .init(HardeningError.traceable(errno: 1), .failure, .absent),
    .init(HardeningError.noNullDevice(errno: 2), .failure, .absent),
    .init(TerminalError.endOfInput, .failure, .absent), .init(TerminalError.timedOut, .tryAgain, .absent),
    .init(TerminalError.lineTooLong(limit: 1024), .usage, .absent),
    .init(TerminalError.interrupted(signal: 2), .failure, .absent),
    .init(TerminalError.failed(errno: 5), .failure, .absent),
    .init(QRCodeError.libraryMissing("libqrencode.so.4", package: "libqrencode4"), .failure),
    .init(QRCodeError.seedNotBase32, .failure, .absent), .init(QRCodeError.failed(errno: 12), .failure, .absent),
    .init(QRCodeError.textTooLong(limit: 1024), .failure, .absent),
  ]

  static let commands: [ExplainedCase] = [
    .init(KeyInputError.missing(.accessKeyID, from: .environment), .usage),
    .init(KeyInputError.missing(.secretAccessKey, from: .standardInput), .usage),
    .init(KeyInputError.missing(.secretAccessKey, from: .plainText), .usage),
    .init(KeyInputError.invalidAccessKeyID, .usage), .init(KeyInputError.invalidSecret, .usage),
    .init(KeyInputError.temporary, .usage), .init(KeyInputError.unreadable(path: hostile, errno: 2), .failure),
    .init(KeyInputError.notRegular(path: hostile), .usage), .init(KeyInputError.silentPipe(path: hostile), .failure),
    .init(KeyInputError.tooLarge(path: hostile, limit: 1), .usage),
    .init(KeyInputError.noColumns(path: hostile), .usage),
    .init(CommandError.cannotAsk("remove it?", flag: "--force"), .usage),
    .init(CommandError.declined, .failure, .absent),
    .init(CommandError.keyAppeared(profile: hostile), .tryAgain),
    .init(CommandError.nothingToRemove(profile: hostile), .noSuchProfile), .init(CommandError.oneInputOnly, .usage),
    .init(CommandError.invalidTime(variable: "X", hostile), .badConfig),
  ]
}
