import AWSDouble
import Foundation
import TestSupport

extension Scene {
  /// The scene that a case describes.
  convenience init(of testCase: CommandCase) throws {
    try self.init(config: testCase.text("config"))
    for line in testCase.lines("keys") {
      let parts = line.split(separator: "=").map(String.init)
      try storeKey(of: parts[parts.count - 1], as: parts[0])
    }
    if let credentials = testCase.text("credentials") { scratch.write(credentials, to: "home/.aws/credentials") }
    for file in testCase.homeFiles { scratch.write(testCase.text("home/" + file) ?? "", to: "home/" + file) }
    for line in testCase.lines("account") { try change(line) }
    for command in testCase.lines("setup") { try prepare(command) }
    double.forgetCalls()
    if let faults = testCase.text("faults") { try double.fail(json: Data(faults.utf8)) }
    for line in testCase.lines("environment") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      environment[parts[0]] = try filled(parts[1])
    }
  }

  /// Changes the account or its clock: a word of `account` and its value.
  private func change(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    switch words[0] {
    case "clock": double.clock = .offset(Double(words[1]) ?? 0)
    case "inactive-key": double.account[user: words[1]]?.keys[0].isActive = false
    case "deleted-key": double.account[user: words[1]]?.keys = []
    case "new-secret": double.account[user: words[1]]?.keys[0].secret = "madeUpMadeUpMadeUpMadeUpMadeUpMadeUpMade"
    case "disabled-region": double.account.disabledRegions = [words[1]]
    case "bucket-page": double.account.bucketPageSize = Int(words[1]) ?? 0
    case "denied": double.account[user: words[1]]?.deniedActions = [words[2]]
    default: throw SetupFailure("no change is named \(words[0])")
    }
  }
}
