import AWSServices
import AWSValues
import ArgumentParser
import Browser
import FoundationEssentials
import Processes
import Profiles
import Secrets
import Sessions
import TerminalIO

struct ConsoleCommand: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "console",
    abstract: "Open the AWS console signed in as the profile.",
    usage: "daypass console [--print] [--service NAME] [OPTIONS] [PROFILE]",
    discussion: """
      For example:
        daypass console prod --service s3
      A role is signed in with its session, a key without a role with GetFederationToken. For more than one at a time, \
      see --container.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var freshness: FreshnessOptions
  @OptionGroup var scope: OtherScopeOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Flag(help: "Print the URL, good for 15 minutes, and open nothing.")
  var print = false

  @Option(help: ArgumentHelp("The page to open: that of a service, such as s3.", valueName: "name"))
  var service: String?

  @Option(help: ArgumentHelp("The page to open, by its path: /s3/buckets.", valueName: "path"))
  var path: String?

  @Option(help: ArgumentHelp("The program to open the page with.", valueName: "program"))
  var browser: String?

  @Option(help: ArgumentHelp("The container of Firefox to open the page in.", valueName: "name"))
  var container: String?

  @Flag(help: "First sign the browser out of the console.")
  var logout = false

  func run(on host: Host) throws {
    let plan = try session.request(freshness).plan(for: profile, scope.request(), purpose: .console, on: host)
    let site = try host.consoleSite(of: plan)
    let page = try site.page(path ?? ConsoleSite.path(ofService: service ?? ""))
    let access = try ProfileSession(plan, session.request(freshness), on: host)
    var url = try access.consoleURL(of: page, at: site, host.diagnostics)
    if logout { url = site.signingOut(before: url) }
    try open(url, as: plan.profile, on: host)
  }

  /// Shows the page, and keeps the URL out of command lines, which everybody can read: the browser gets it from us.
  private func open(_ url: borrowing SecretBytes, as profile: String, on host: Host) throws {
    if print { return try show(url, on: host) }
    guard let browser = pageOpener(on: host) else {
      return try show(url, because: "there is no browser here", on: host)
    }
    let server = try CallbackServer(path: "/\(UUID().uuidString.lowercased())")
    guard let page = BrowserURL(server.url) else { return }
    do throws(ChildError) {
      try browser.open(page, inContainer: container)
    } catch {
      return try show(url, because: "the browser does not start", on: host)
    }
    host.diagnostics.debug("the browser is to come to \(server.url)")
    try server.redirect(to: url, until: .now + Self.timeout)
    host.diagnostics.note("the console is open as profile '\(profile.displayText())'")
  }

  private func show(_ url: borrowing SecretBytes, because reason: String? = nil, on host: Host) throws {
    if let reason { host.diagnostics.note("\(reason): open this within 15 minutes, and show it to nobody") }
    try host.output.write(url)
    try host.output.write("\n")
  }

  /// Longer than a browser takes to start.
  private static let timeout = Duration.seconds(60)

  private func pageOpener(on host: Host) -> Browser? {
    let program = browser ?? (container == nil ? nil : host.environment[Browser.variable] ?? "firefox")
    return Browser(program, environment: host.start.environment.withoutCredentials, variables: host.environment)
  }
}

// MARK: - URL

extension Host {
  fileprivate func consoleSite(of plan: CredentialPlan) throws -> ConsoleSite {
    let variable = "DAYPASS_FEDERATION_URL"
    let override = environment.value(of: variable).map { (variable: variable, url: $0) }
    let region = plan.connectionWithRegion.region ?? Partition.aws.defaultRegion
    return try ConsoleSite(region: region, override: override)
  }
}

extension ProfileSession {
  /// Unless a key assumed the role, the console's session ends with the credentials: they need half of their life left.
  fileprivate func consoleURL(
    of page: String, at site: ConsoleSite, _ diagnostics: Diagnostics
  ) throws -> SecretBytes {
    let margin = SessionMargin(timeLeft: Double((plan.lastDuration?.seconds ?? 3_600) / 2))
    return try withCredentials(margin: margin) { credentials in
      let federation = ConsoleFederation(client, site)
      do {
        return try federation.loginURL(to: page, for: plan.consoleDuration, with: credentials)
      } catch ConsoleError.refused where plan.consoleDuration != nil {
        diagnostics.warn("the console took no session of its own duration: this one ends with the credentials")
        return try federation.loginURL(to: page, for: nil, with: credentials)
      }
    }
  }
}

extension CredentialPlan {
  /// How long the console's session is to last; nil if AWS decides, as for all but a role that was assumed with a key.
  fileprivate var consoleDuration: SessionDuration? {
    guard steps.count == 1, source.keyProfile != nil, case .assumeRole(let step) = steps[0] else { return nil }
    return step.duration
  }

  fileprivate var lastDuration: SessionDuration? {
    switch steps.last {
    case .assumeRole(let step): step.duration
    case .sessionToken(let step): step.duration
    case .federationToken(let step): step.duration
    case nil: nil
    }
  }
}
