import AWSDouble
import ArgumentParser
import FoundationEssentials

@main
struct AWSDoubleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aws-double",
    abstract: "A strict AWS (STS, IAM, S3 ListBuckets) on a loopback port, for tests and demonstrations.",
    discussion: ManualText.discussion)

  @Option(help: ArgumentHelp("Where to write http://127.0.0.1:PORT once the port answers.", valueName: "file"))
  var portFile: String

  @Option(help: ArgumentHelp("The account, as JSON; without it, the demo account.", valueName: "file"))
  var state: String?

  func run() throws {
    // Before the server's threads start, so that they inherit the mask and only we are told.
    let end = EndOfService()
    let double = try AWSDouble.start(account())
    try Data(double.url.utf8).write(to: URL(filePath: portFile), options: .atomic)
    end.wait()
    try double.stop()
  }

  private func account() throws -> Account {
    guard let state else { return .demo }
    return try Account(json: Data(contentsOf: URL(filePath: state)))
  }
}
