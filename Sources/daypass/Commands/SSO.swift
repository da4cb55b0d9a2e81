import AWSServices
import AWSValues
import ArgumentParser
import Profiles
import Secrets
import Sessions
import TerminalIO

/// The group of commands about what an Identity Center session gives access to.
struct SSOCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sso",
    abstract: "List what Identity Center gives access to; write profiles.",
    subcommands: [Add.self, Accounts.self, Roles.self, Import.self])
}

// MARK: - Add

extension SSOCommands {
  /// Writes the section that everything about Identity Center starts from.
  struct Add: HostCommand {
    static let configuration = CommandConfiguration(
      commandName: "add",
      abstract: "Write where your organization signs in.",
      usage: "daypass sso add [--start-url URL] [--sso-region REGION] NAME",
      discussion: """
        For example:
          daypass sso add corp
        It asks for the start URL and the region if they are not given. Whoever runs Identity Center for you finds them on \
        its settings page.
        """)

    @Argument(help: "What to call it: the NAME in the section [sso-session NAME] of ~/.aws/config.")
    var name: String
    @Option(name: .customLong("start-url"), help: ArgumentHelp("The address of the access portal.", valueName: "url"))
    var startURL: String?
    @Option(help: ArgumentHelp("The region of Identity Center.", valueName: "region"))
    var ssoRegion: String?
    @OptionGroup var diagnostics: DiagnosticOptions

    func validate() throws {
      guard name.isSectionName else {
        throw ValidationError("the name of a session has letters, digits and -_/.%@:+ only")
      }
      if let startURL, !startURL.isStartURL { throw ValidationError("--start-url \(Self.startURLForm)") }
      if let ssoRegion, !ssoRegion.isHostLabel { throw ValidationError("--sso-region \(Self.regionForm)") }
    }

    private static let startURLForm = "is like https://d-1234567890.awsapps.com/start"
    private static let regionForm = "is like eu-west-1"

    /// Refuses, before anything is asked, what could not be written.
    func run(on host: Host) throws {
      let files = try ConfigFiles(environment: host.environment)
      try files.requireChangeableConfig()
      if let section = try files.read().ssoSession(named: name) {
        throw ConfigError.ssoSessionExists(name, at: section.location)
      }
      let url = try startURL ?? ask("start URL: ", until: \.isStartURL, "it \(Self.startURLForm)")
      let region = try ssoRegion ?? ask("region of Identity Center: ", until: \.isHostLabel, "it \(Self.regionForm)")
      try files.editConfig { editor throws(ConfigError) in
        try editor.addSSOSession(name, properties: [(.ssoStartURL, url), (.ssoRegion, region)])
      }
      host.diagnostics.note(Messages.wrote(ssoSession: name, to: files.config))
    }

    private func ask(_ question: Prompt, until isValid: (String) -> Bool, _ form: String) throws -> String {
      let terminal = try Terminal.required(toAsk: "where to sign in", flag: "--start-url and --sso-region")
      return try terminal.answer(to: question, where: isValid) { _ in form }
    }
  }
}

// MARK: - Session

/// The session a command is about.
struct SSOSessionArgument: ParsableArguments {
  @Argument(help: "A section [sso-session NAME] of ~/.aws/config (default: the only one).")
  var name: String?

  /// - Throws: `PlanError` if there is no such section or it is not complete, `CommandError` if there are several and none is
  ///   named.
  fileprivate func session(in profiles: ProfileSet) throws -> IdentityCenterSession {
    let names = profiles.ssoSessionNames
    guard let name = name ?? (names.count == 1 ? names[0] : nil) else { throw CommandError.noSSOSession(among: names) }
    return try profiles.requireSSOSession(named: name)
  }

  /// Lends access to the portal, after a sign-in if that is needed.
  fileprivate func withPortal<Result>(on host: Host, _ body: (SSOPortalAccess) throws -> Result) throws -> Result {
    let profiles = try host.profiles()
    let session = try session(in: profiles)
    return try session.withoutProfile {
      let service = try host.identityCenter(
        host.connectionWithoutProfile(profiles), BrowserSignIn(.atTerminal, on: host))
      return try body(SSOPortalAccess(service: service, session: session, profiles: profiles, host: host))
    }
  }
}

// MARK: - Accounts

extension SSOCommands {
  struct Accounts: HostCommand {
    static let configuration = CommandConfiguration(
      commandName: "accounts",
      abstract: "List the accounts that you may use.",
      usage: "daypass sso accounts [--json] [NAME]",
      discussion: """
        For example:
          daypass sso accounts
        """)

    @OptionGroup var session: SSOSessionArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let accounts = try session.withPortal(on: host) { try $0.accounts() }
      try output.write(
        SSOAccountReport(accounts: accounts.map { .init(account: $0.id, name: $0.name, email: $0.email) }), on: host)
    }
  }
}

/// What `sso accounts` prints.
private struct SSOAccountReport: Report {
  let accounts: [Entry]

  struct Entry: Encodable {
    let account: String
    let name: String?
    let email: String?
  }

  var text: String {
    Table(header: ["ACCOUNT", "NAME", "EMAIL"], rows: accounts.map { [$0.account, $0.name ?? "-", $0.email ?? "-"] })
      .text
  }
}

// MARK: - Roles

extension SSOCommands {
  struct Roles: HostCommand {
    static let configuration = CommandConfiguration(
      commandName: "roles",
      abstract: "List the roles that you may use, and the profiles for them.",
      usage: "daypass sso roles [OPTIONS] [NAME]",
      discussion: """
        For example:
          daypass sso roles --account 123456789012
        """)

    @OptionGroup var session: SSOSessionArgument
    @OptionGroup var filter: SSORoleFilter
    @OptionGroup var output: OutputOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let roles = try session.withPortal(on: host) { portal in
        let profiles = portal.configuredProfiles
        return try portal.roles(filter).map { role in
          SSORoleReport.Entry(
            account: role.id.account, accountName: role.accountName, role: role.id.role,
            profiles: profiles[role.id] ?? [])
        }
      }
      try output.write(SSORoleReport(roles: roles), on: host)
    }
  }
}

/// Which roles of which accounts.
struct SSORoleFilter: ParsableArguments {
  @Option(name: .customLong("account"), help: ArgumentHelp("Only roles of this account.", valueName: "id"))
  var accounts: [String] = []

  @Option(name: .customLong("role"), help: ArgumentHelp("Only roles of this name.", valueName: "name"))
  var roles: [String] = []

  func validate() throws {
    guard accounts.allSatisfy(\.isAccountID) else { throw ValidationError("an account is twelve digits") }
  }
}

/// What `sso roles` prints.
private struct SSORoleReport: Report {
  let roles: [Entry]

  struct Entry: Encodable {
    let account: String
    let accountName: String?
    let role: String
    /// The profiles of the config that give its credentials.
    let profiles: [String]
  }

  var text: String {
    Table(
      header: ["ACCOUNT", "NAME", "ROLE", "PROFILE"],
      rows: roles.map {
        [$0.account, $0.accountName ?? "-", $0.role, $0.profiles.isEmpty ? "-" : $0.profiles.joined(separator: ", ")]
      }
    ).text
  }
}

// MARK: - Import

extension SSOCommands {
  struct Import: HostCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Write a profile for each account and role that you may use.",
      usage: "daypass sso import [--dry-run] [OPTIONS] [NAME]",
      discussion: """
        For example:
          daypass sso import --role ReadOnly --dry-run
        A role that has a profile under any name is left alone, so run it again when roles are added. If a name is taken, \
        the account's number is added to it.
        """)

    @OptionGroup var session: SSOSessionArgument
    @OptionGroup var filter: SSORoleFilter
    @Option(
      help: ArgumentHelp("How profiles are named: {account_name}, {account_id}, {role}.", valueName: "template"))
    var name = "{account_name}-{role}"
    @Option(help: ArgumentHelp("The region of the new profiles.", valueName: "region"))
    var region: String?
    @Flag(help: "Print what would be written, and write nothing.")
    var dryRun = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func validate() throws {
      guard name.contains("{role}"), name.contains("{account_name}") || name.contains("{account_id}") else {
        throw ValidationError("a template needs {role} and {account_name} or {account_id}")
      }
      if let region, !region.isHostLabel { throw ValidationError("--region is like eu-west-1") }
    }

    func run(on host: Host) throws {
      let files = try ConfigFiles(environment: host.environment)
      if !dryRun { try files.requireChangeableConfig() }
      let plan = try session.withPortal(on: host) { portal in
        SSOImportPlan(
          of: try portal.roles(filter), from: portal.session, named: name, profiles: portal.profiles,
          portal.configuredProfiles)
      }
      if !dryRun, !plan.profiles.isEmpty { try add(plan, to: files) }
      try output.write(plan, on: host)
      host.diagnostics.note(plan.summary("\(dryRun ? "would be written" : "written") to \(files.config.displayText())"))
    }

    private func add(_ plan: SSOImportPlan, to files: ConfigFiles) throws {
      try files.editConfig { editor throws(ConfigError) in
        for profile in plan.profiles {
          try editor.addProfile(profile.name, properties: properties(of: profile, plan))
        }
      }
    }

    private func properties(of profile: SSOImportPlan.NewProfile, _ plan: SSOImportPlan) -> [(Setting, String)] {
      [(.ssoSession, plan.session), (.ssoAccountID, profile.account), (.ssoRoleName, profile.role)]
        + (region.map { [(.region, $0)] } ?? [])
    }
  }
}

/// The profiles to write, which `sso import` prints.
private struct SSOImportPlan: Report {
  let session: String
  private(set) var profiles: [NewProfile] = []
  /// How many roles have a profile already.
  private(set) var existing = 0

  private enum CodingKeys: CodingKey { case profiles }

  struct NewProfile: Encodable {
    let name: String
    let account: String
    let role: String
  }

  init(
    of roles: [SSORole], from session: IdentityCenterSession, named template: String, profiles: ProfileSet,
    _ configured: [SSORoleID: [String]]
  ) {
    self.session = session.name ?? ""
    var taken = Set(profiles.names)
    for role in roles {
      guard configured[role.id] == nil else {
        existing += 1
        continue
      }
      var name = role.profileName(template)
      if taken.contains(name) { name += "-\(role.id.account)" }
      while !taken.insert(name).inserted { name += "-2" }
      self.profiles.append(NewProfile(name: name, account: role.id.account, role: role.id.role))
    }
  }

  /// - Parameter fate: what happens to the profiles.
  func summary(_ fate: String) -> String {
    let count = profiles.count == 1 ? "1 profile" : "\(profiles.count) profiles"
    let rest = existing == 0 ? "" : "; \(existing) \(existing == 1 ? "is" : "are") there already"
    if profiles.isEmpty { return "no new profiles\(rest)" }
    return "\(count) \(fate)\(rest)"
  }

  var text: String {
    guard !profiles.isEmpty else { return "" }
    return Table(header: ["PROFILE", "ACCOUNT", "ROLE"], rows: profiles.map { [$0.name, $0.account, $0.role] }).text
  }
}

// MARK: - Portal

/// A role of an account.
struct SSORoleID: Hashable {
  let account: String
  let role: String
}

/// A role that the portal lists.
struct SSORole {
  let id: SSORoleID
  let accountName: String?

  /// A `-` replaces each character that no profile's name may have. A name that begins with it would be taken for an
  /// option.
  func profileName(_ template: String) -> String {
    let text = template.replacing("{account_name}", with: accountName ?? id.account)
      .replacing("{account_id}", with: id.account).replacing("{role}", with: id.role)
    let name = String(
      text.unicodeScalars.map { $0 == "." || $0.isASCII && UInt8($0.value).isWordCharacter ? Character($0) : "-" })
    return name.hasPrefix("-") ? "_" + name.dropFirst() : name
  }
}

/// The portal as the person who signed in to a session sees it.
private struct SSOPortalAccess {
  let service: IdentityCenter
  let session: IdentityCenterSession
  let profiles: ProfileSet
  let host: Host

  func accounts() throws -> [SSOAccount] {
    try service.withToken(of: session) { services, token in try services.portal.accounts(token: token) }
  }

  /// The roles of all accounts that the filter lets through, by account.
  func roles(_ filter: SSORoleFilter) throws -> [SSORole] {
    let all = try accounts()
    for account in filter.accounts where !all.contains(where: { $0.id == account }) {
      host.diagnostics.warn(Messages.noRole(inAccount: account))
    }
    let accounts = all.filter { filter.accounts.isEmpty || filter.accounts.contains($0.id) }
    var roles: [SSORole] = []
    let progress = ProgressLine(host.diagnostics)
    defer { progress.clear() }
    for (index, account) in accounts.enumerated() {
      progress.show("reading the roles of all accounts", index + 1, of: accounts.count)
      let names = try service.withToken(of: session) { services, token in
        try services.portal.roles(account: account.id, token: token)
      }
      for name in names where filter.roles.isEmpty || filter.roles.contains(name) {
        roles.append(SSORole(id: SSORoleID(account: account.id, role: name), accountName: account.name))
      }
    }
    return roles
  }

  /// The profiles for roles of this session.
  var configuredProfiles: [SSORoleID: [String]] {
    var found: [SSORoleID: [String]] = [:]
    for name in profiles.names {
      guard let profile = profiles.profile(named: name), profile[.ssoSession]?.value == session.name,
        let account = profile[.ssoAccountID]?.value, let role = profile[.ssoRoleName]?.value
      else { continue }
      found[SSORoleID(account: account, role: role), default: []].append(name)
    }
    return found
  }
}
