import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Profiles
import Secrets

struct ListBuckets: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-buckets",
    abstract: "List S3 buckets with the credentials that exec would use.",
    usage: "daypass list-buckets [--json] [OPTIONS] [PROFILE]",
    discussion: """
      For example:
        daypass list-buckets prod
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let plan = try plan(on: host)
    let access = try access(plan, on: host)
    let report = try access.withCredentials(margin: .command) { credentials in
      host.diagnostics.note("as \(plan.identity)\(Self.timeLeft(of: credentials, at: host.now()))")
      return BucketReport(try access.s3.buckets(signedBy: credentials))
    }
    try output.write(report, on: host)
  }

  /// `, 11 h 59 min left`, or that it is the long-term key.
  private static func timeLeft(of credentials: borrowing Credentials, at now: Date) -> String {
    credentials.timeLeft(at: now).map { ", \(TimeSpan(seconds: Int($0)).left)" } ?? ", with the long-term key"
  }
}

extension CredentialPlan {
  /// Whose credentials they are, judging without a call.
  fileprivate var identity: String {
    switch steps.last {
    case .assumeRole(let step): step.role.sessionARN(named: step.sessionName)
    case .federationToken(let step): "federated-user/\(step.name.text) of \(source.name.identity)"
    case .sessionToken, nil:
      source.role.map { "\($0), by \(source.name.message)" } ?? source.name.identity
    }
  }
}

// MARK: - Bucket report

/// What `list-buckets` prints.
struct BucketReport: Report {
  let buckets: [Entry]

  struct Entry: Encodable {
    let name: String
    /// RFC 3339, UTC.
    let creationDate: String
    let region: String?
  }

  init(_ buckets: [Bucket]) {
    self.buckets = buckets.map {
      Entry(name: $0.name, creationDate: $0.creationDate.rfc3339, region: $0.region)
    }
  }

  var text: String {
    buckets.map { "\($0.creationDate)  \($0.name.displayText())\n" }.joined()
  }
}
