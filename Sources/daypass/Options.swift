import AWSValues
import ArgumentParser
import Glibc
import POSIX
import Profiles
import Prompts
import Secrets
import TerminalIO

/// Options with which a user agrees in advance to what cannot be undone.
protocol ConsentOptions {
  static var flag: String { get }
  var isConfirmed: Bool { get }
}

extension ConsentOptions {
  /// Asks for a yes, unless the user gave it in advance, for a profile that they named.
  func confirm(_ question: String, of profile: ProfileArgument, on host: Host) throws {
    try profile.confirmIfUnnamed(question, flag: Self.flag, on: host)
    if profile.profile != nil, !isConfirmed { try Terminal.confirm(question, flag: Self.flag) }
  }
}

extension ProfileArgument {
  /// Asks for a yes if the profile was not typed, even with `--yes` or `--force`.
  ///
  /// - Parameter flag: what is needed beside the profile if there is no terminal.
  func confirmIfUnnamed(_ question: String, flag: String? = nil, on host: Host) throws {
    let words = [name(in: host.environment).shellWord, flag].compactMap { $0 }
    if profile == nil { try Terminal.confirm(question, flag: words.joined(separator: " ")) }
  }
}

extension Terminal {
  /// The terminal on which a question has to be asked.
  ///
  /// - Parameter flag: what the command needs if there is no terminal.
  static func required(toAsk question: String, flag: String) throws(CommandError) -> Terminal {
    guard let terminal = foreground() else { throw .cannotAsk(question, flag: flag) }
    return terminal
  }

  /// Asks for a yes.
  static func confirm(_ question: String, flag: String) throws {
    let terminal = try required(toAsk: "whether to \(question)", flag: flag)
    guard try terminal.confirms(question + "?") else { throw CommandError.declined }
  }

  /// Asks until what is typed is valid, and returns it without the white space around it.
  func answer(
    to question: Prompt, where isValid: (String) -> Bool, otherwise complaint: (String) -> String
  ) throws -> String {
    try dialogue { dialogue in
      while true {
        let typed = try dialogue.readLine(question, echo: .visible).revealed()?.trimmed ?? ""
        if isValid(typed) { return typed }
        dialogue.say("daypass: \(complaint(typed))")
      }
    }
  }
}

/// Whether a command that cannot be undone asks first.
struct ConfirmationOptions: ParsableArguments, ConsentOptions {
  @Flag(name: [.long, .short], help: "Do it without asking.")
  var force = false

  static let flag = "--force"
  var isConfirmed: Bool { force }
}

/// What is written to stderr besides errors.
struct DiagnosticOptions: ParsableArguments {
  @Flag(help: "Log each step to standard error; never secrets.")
  var debug = false
}

/// How facts are printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON, as the manual page describes it.")
  var json = false

  func write(_ report: some Report, on host: Host) throws {
    try host.output.write(json ? report.json() : report.text)
  }
}

/// The profile a command is about.
struct ProfileArgument: ParsableArguments {
  @Argument(help: "A profile of ~/.aws/config (default: $AWS_PROFILE).")
  var profile: String?

  init() {}

  /// As if it was typed; nil for none.
  init(named name: String?) {
    self.init()
    profile = name
  }

  /// The profile to use: the argument, `AWS_PROFILE`, `DAYPASS_PROFILE`, then `default`.
  func name(in environment: [String: String]) -> String {
    profile ?? variable(in: environment)?.value ?? "default"
  }

  /// Whether anything names a profile.
  func isChosen(in environment: [String: String]) -> Bool { profile != nil || variable(in: environment) != nil }

  /// What named the profile if the command line does not: `from AWS_PROFILE`.
  func origin(in environment: [String: String]) -> String? {
    guard profile == nil else { return nil }
    return variable(in: environment).map { "from \($0.name)" } ?? "no profile was named"
  }

  /// The variable that named the profile if the command line does not; nil if none did.
  func variableName(in environment: [String: String]) -> String? {
    profile == nil ? variable(in: environment)?.name : nil
  }

  /// An empty variable counts as unset.
  private func variable(in environment: [String: String]) -> (name: String, value: String)? {
    ["AWS_PROFILE", "DAYPASS_PROFILE"].lazy
      .compactMap { name in environment.value(of: name).map { (name, $0) } }.first
  }
}

// MARK: - Freshness options

/// Which cached session will do.
struct FreshnessOptions: ParsableArguments {
  @Flag(help: "Make a new session even if one is cached.")
  var fresh = false

  @Option(help: ArgumentHelp("Make a new one if the cached one has less time left: 15m.", valueName: "time"))
  var minLeft: SessionDuration?
}

// MARK: - Session options

/// How the credentials of a profile are obtained.
struct SessionOptions: ParsableArguments {
  @Flag(
    name: [.customLong("no-session"), .customShort("n")],
    help: "Use the long-term key itself, without GetSessionToken.")
  var withoutSession = false

  @Option(
    name: [.long, .short], help: ArgumentHelp("How long the credentials last: 900, 15m, 12h.", valueName: "time")
  )
  var duration: SessionDuration?

  @Option(help: "The region, instead of AWS_REGION and the profile's.")
  var region: String?

  @Option(
    name: [.long, .customShort("t")], help: ArgumentHelp("The six digits the MFA device shows now.", valueName: "code"))
  var mfaCode: String?

  @Option(help: ArgumentHelp("What asks for an MFA code.", valueName: "source"))
  var prompt: PromptSource?

  /// The options that decide which session it is, as words of a command line.
  var wordsOfSession: [String] {
    (withoutSession ? ["--no-session"] : []) + (duration.map { ["--duration", "\($0.seconds)"] } ?? [])
      + (region.map { ["--region", $0] } ?? [])
  }

  func request(_ freshness: FreshnessOptions? = nil) -> CredentialRequest {
    CredentialRequest(
      withoutSession: withoutSession, duration: duration, region: region, mfaCode: mfaCode, prompt: prompt,
      fresh: freshness?.fresh ?? false, minLeft: freshness?.minLeft)
  }
}

// MARK: - Scope options

/// What narrows the credentials.
struct ScopeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only these services: s3,sts.", valueName: "names"))
  var service: String?

  @OptionGroup var others: OtherScopeOptions

  func request() throws -> ScopeRequest {
    var request = try others.request()
    request.services = service
    return request
  }
}

/// What narrows the credentials of a command whose `--service` means something else.
struct OtherScopeOptions: ParsableArguments {
  @Flag(help: "Only what AWS's ReadOnlyAccess allows.")
  var readOnly = false

  @Flag(help: "Only lists and descriptions, no data: ViewOnlyAccess.")
  var viewOnly = false

  @Option(help: ArgumentHelp("Only what this policy allows; - is standard input.", valueName: "file"))
  var policy: String?

  @Option(help: ArgumentHelp("Only what this managed policy allows: ARN or name.", valueName: "policy"))
  var policyArn: [String] = []

  @Option(help: ArgumentHelp("A session tag.", valueName: "key=value"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("The key of a tag that further roles inherit.", valueName: "key"))
  var transitiveTag: [String] = []

  @Option(help: ArgumentHelp("Who is behind the session, for CloudTrail.", valueName: "name"))
  var sourceIdentity: String?

  /// What is asked for, with the policy read from its file.
  func request() throws -> ScopeRequest {
    var request = ScopeRequest()
    request.presets = (readOnly ? [.readOnly] : []) + (viewOnly ? [.viewOnly] : [])
    request.policies = policyArn
    (request.tags, request.transitiveTags, request.sourceIdentity) = (tag, transitiveTag, sourceIdentity)
    request.policy = try policy.map(Self.contents)
    return request
  }

  private static func contents(of path: String) throws -> [UInt8] {
    do throws(FileFailure) {
      let name = path == "-" ? "/dev/stdin" : path
      guard let bytes = try FileDescriptor.contents(ofFile: name, timeout: .seconds(10)) else { throw .call(ENOENT) }
      return bytes
    } catch {
      throw CommandError.unreadablePolicy(path: path, error)
    }
  }
}

extension SessionDuration: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}
