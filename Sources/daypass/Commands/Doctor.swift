import AWSServices
import AWSValues
import ArgumentParser
import Delivery
import FoundationEssentials
import Glibc
import Keyring
import POSIX
import Profiles
import Sessions

struct Doctor: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Find what is wrong, and say how to fix it.",
    usage: "daypass doctor [--offline] [--json]",
    discussion: """
      For example:
        daypass doctor --offline
      It changes nothing, asks no questions, and shows no secret. Its exit status is 0 if nothing is wrong. Shell \
      integration is optional.
      """)

  @Flag(help: "Do not ask AWS for the time.")
  var offline = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    var checkup = Checkup(on: host, without: offline ? [.network] : [])
    for area in CheckupReport.Area.allCases { checkup.check(area) }
    let report = CheckupReport(
      version: DaypassCommand.version, checks: checkup.checks, findings: checkup.findings)
    try output.write(report, on: host)
    guard report.findings.isEmpty else { throw CommandError.faultsFound(report.findings.count) }
  }
}

// MARK: - Report

/// What `doctor` prints.
struct CheckupReport: Report {
  let version: String
  let checks: [Check]
  let findings: [Finding]

  struct Check: Encodable {
    let name: Area
    let result: Result
  }

  enum Result: String, Encodable { case ok, wrong, skipped }

  /// What is checked.
  enum Area: String, CaseIterable, Encodable { case keyring, kernel, config, shell, network }

  struct Finding: Encodable {
    let check: Area
    let what: String
    let why: String
    /// What to type, or to do; nil if the message is all that is known.
    let fix: String?
  }
}

// MARK: - Checkup

/// Checks one area after the other; an error in one does not keep it from the next.
struct Checkup {
  private let host: Host
  private let excluded: [CheckupReport.Area]
  private(set) var findings: [CheckupReport.Finding] = []
  private(set) var checks: [CheckupReport.Check] = []
  /// The area that is being checked.
  private var area = CheckupReport.Area.keyring
  /// The names of the keyring's keys, if it tells them.
  private var keyNames: [String] = []
  /// Nil if the config cannot be read.
  private var profiles: ProfileSet?

  init(on host: Host, without areas: [CheckupReport.Area]) {
    self.host = host
    excluded = areas + (host.cachePlace == .kernel ? [] : [.kernel])
  }

  mutating func check(_ area: CheckupReport.Area) {
    self.area = area
    if excluded.contains(area) || area == .network && profiles == nil {
      return checks.append(.init(name: area, result: .skipped))
    }
    let before = findings.count
    do {
      switch area {
      case .keyring: try checkKeyring()
      case .kernel: try checkKernel()
      case .config: try checkConfig()
      case .shell: checkShell()
      case .network: try checkNetwork()
      }
    } catch {
      find(error, .of(area))
    }
    checks.append(.init(name: area, result: findings.count == before ? .ok : .wrong))
  }

  private mutating func find(_ what: String, _ why: CheckupReason, fix: String?) {
    findings.append(
      .init(
        check: area, what: what.displayText(limit: 1_000), why: why.rawValue, fix: fix?.displayText(limit: 1_000)))
  }

  private mutating func find(_ error: any Error, _ why: CheckupReason, of profile: String? = nil) {
    var message = Messages.error(error)
    if let profile { message = message.naming(profile) }
    find(message.problem, why, fix: message.hint)
  }
}

// MARK: - Keyring

extension Checkup {
  /// Never unlocks it.
  private mutating func checkKeyring() throws {
    let keys = LongTermKeys(store: host.store)
    let state = try host.store.state()
    switch state {
    case .missing: return find("there is no keyring yet", .keysNeedKeyring, fix: "daypass unlock")
    case .locked: find("the keyring is locked", .lockedKeyring, fix: "daypass unlock")
    case .open: break
    }
    if try host.store.keepsKeysInClear() {
      find(Messages.keysInClear, .keysInClear, fix: "give it a password, in Passwords and Keys: seahorse")
    }
    keyNames = try keys.stored()?.map(\.profile) ?? []
    for name in Set(keyNames).sorted() where state == .open {
      do { _ = try keys.key(of: name) } catch { find(error, .unusableKey) }
    }
  }

  private mutating func checkKernel() throws {
    do throws(KernelKeyError) {
      _ = try host.kernelKeyring.names()
    } catch {
      return find(error.words, .noKernelKeys, fix: CheckupReason.allowKernelKeys)
    }
    let table = try FileDescriptor.contents(ofFile: "/proc/key-users", timeout: .zero)
    guard let quota = KernelQuota(table: String(decoding: table ?? [], as: UTF8.self), user: getuid()), quota.isShort
    else { return }
    find(quota.words, .kernelQuota, fix: "daypass clear --all")
  }
}

/// How much of the kernel's memory for keys a user has used (proc_key_users in keyrings(7)).
struct KernelQuota: Equatable {
  let keys, mostKeys, bytes, mostBytes: Int

  /// Nil if the table has no line of the user.
  init?(table: String, user: uid_t) {
    let lines = table.split(separator: "\n").map { $0.split(separator: " ") }
    guard let fields = lines.first(where: { $0.count == 5 && $0[0] == "\(user):" }) else { return nil }
    let pairs = fields[3...].flatMap { $0.split(separator: "/") }.compactMap { Int($0) }
    guard pairs.count == 4 else { return nil }
    (keys, mostKeys, bytes, mostBytes) = (pairs[0], pairs[1], pairs[2], pairs[3])
  }

  /// Whether a few more sessions do not fit.
  var isShort: Bool { keys * 10 > mostKeys * 9 || bytes * 10 > mostBytes * 9 }
}

// MARK: - Config

extension Checkup {
  private mutating func checkConfig() throws {
    let files = try ConfigFiles(environment: host.environment)
    checkPermissions(of: files.config, holding: .settings)
    checkPermissions(of: files.credentials, holding: .keys)
    let profiles = try files.read()
    self.profiles = profiles
    for (name, location) in profiles.quotedHeaders {
      find(PlanError.quotedProfile(name, at: location), .oneReaderOnly)
    }
    for (name, location) in profiles.bareNames { find(PlanError.bareName(name, at: location), .unreadByAll) }
    for location in profiles.repetitions {
      find("\(location.words) repeats a section or a setting", .repetition, fix: "merge it with the first")
    }
    let planner = try host.planner(for: profiles)
    for name in profiles.names { check(name, profiles, planner) }
    for name in Set(keyNames).subtracting(profiles.names).sorted() {
      let what = "the keyring has a key of '\(name)', which no config file names"
      find(what, .staleKey, fix: "daypass remove \(name.shellWord), or write [profile \(name)]")
    }
  }

  private enum FileContents { case settings, keys }

  private mutating func checkPermissions(of path: String, holding contents: FileContents) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    let mode = status.st_mode & 0o777
    if mode & 0o022 != 0 {
      find("\(path) can be changed by others", .writableConfig, fix: "chmod go-w \(path.shellWord)")
    } else if contents == .keys, mode & 0o044 != 0 {
      find("\(path) can be read by others", .readableCredentials, fix: "chmod 600 \(path.shellWord)")
    }
  }

  private mutating func checkPlainTextKey(_ key: PlainTextKey, _ profiles: ProfileSet) {
    let what = "the key of '\(key.profile)' is in plain text (\(key.accessKeyID.location.words))"
    let name = key.profile.shellWord
    var words = "daypass import --from credentials --delete-source \(name)"
    do throws(PlanError) {
      try profiles.requireOwnKey(of: key.profile)
    } catch {
      if case .keyNotUsed = error { words += " --rename \(name)=\(name)-key" }
    }
    find(what, .plainTextKey, fix: words)
  }

  private mutating func check(_ name: String, _ profiles: ProfileSet, _ planner: CredentialPlanner) {
    guard let profile = profiles.profile(named: name) else { return }
    if let key = profile.plainTextKey { checkPlainTextKey(key, profiles) }
    do {
      let plan = try planner.plan(for: name)
      for unused in try planner.unusedSettings(by: plan) where unused.profile == name {
        guard case .otherSource = unused.reason else { continue }
        let what = "\(unused.key) of profile '\(name)' (\(unused.location.words)): \(unused.reason.words)"
        find(what, .twoSources, fix: "remove one of the two")
      }
      if let device = plan.device, !device.givesCodes {
        find(SessionError.securityKey(device), .unusableProfile, of: name)
      }
      if keyNames.contains(name) { try profiles.requireOwnKey(of: name) }
    } catch PlanError.keyNotUsed(_, _, let origin) {
      let what = "the keyring has a key of '\(name)', which is not used: \(origin.words) comes first"
      find(what, .staleKey, fix: "daypass remove \(name.shellWord)")
    } catch {
      find(error, .unusableProfile, of: name)
    }
    checkProcess(of: profile)
  }

  /// SDKs have to find the program that they run for a profile.
  private mutating func checkProcess(of profile: Profile) {
    guard let line = profile[.credentialProcess],
      let program = line.value.split(separator: " ").first.map(String.init),
      !program.contains(where: { "'\"\\".contains($0) }), let name = program.split(separator: "/").last
    else { return }
    let folders = (host.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
    let paths = program.contains("/") ? [program] : folders.map { $0 + program }
    guard !paths.contains(where: { unsafe access($0, X_OK) == 0 }) else { return }
    let what =
      "credential_process of profile '\(profile.name)' (\(line.location.words)) names \(program), which is not found"
    find(what, .processNotFound, fix: "write its full path: command -v \(String(name).shellWord)")
  }
}

// MARK: - Shell

extension Checkup {
  private mutating func checkShell() {
    let credentials = [
      "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
    ].filter(isSet).joined(separator: " ")
    let held = HeldCredentials(in: host.environment)
    if held?.accessKeyID != nil, let end = held?.expiration, end <= host.now() {
      find(
        "this shell holds credentials that expired at \(end.rfc3339)", .expiredCredentials,
        fix: "unset \(credentials)")
    } else if held?.accessKeyID != nil, isSet("AWS_PROFILE") {
      find(
        "both AWS_ACCESS_KEY_ID and AWS_PROFILE are set", .twoChoices,
        fix: "unset AWS_PROFILE, or: unset \(credentials)")
    }
    let foreign =
      ["AWS_VAULT", "AWSU_PROFILE", "AWS_SSO_PROFILE"].filter(isSet)
      + host.environment.keys.filter { $0.hasPrefix("GRANTED_") }.sorted()
    if !foreign.isEmpty {
      find(
        "\(foreign.joined(separator: ", ")) of another tool is set", .staleVariables,
        fix: "leave that tool's shell, or: unset \(foreign.map(\.shellWord).joined(separator: " "))")
    }
    checkStartFiles()
  }

  private func isSet(_ name: String) -> Bool { host.environment.value(of: name) != nil }

  /// Files that shells read when they start: the integration has to be there once.
  private mutating func checkStartFiles() {
    let home = host.environment["HOME"] ?? ""
    for file in ["/.bashrc", "/.bash_profile", "/.zshrc", "/.config/fish/config.fish"].map({ home + $0 }) {
      let bytes: [UInt8]?
      do { bytes = try FileDescriptor.contents(ofFile: file, timeout: .zero) } catch { continue }
      let lines = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.drop { $0 == " " || $0 == "\t" } }
      let loading = lines.indices.filter { lines[$0].contains("daypass init") && !lines[$0].hasPrefix("#") }
      guard let line = loading.last else { continue }
      if loading.count > 1 {
        let numbers = loading.map { "\($0 + 1)" }.joined(separator: ", ")
        find("\(file) loads daypass more than once (lines \(numbers))", .loadedTwice, fix: "remove all but one")
      }
      if let undoing = lines[line...].firstIndex(where: \.undoesShellIntegration) {
        find(
          "\(file) loads daypass in line \(line + 1), before line \(undoing + 1): \(lines[undoing])", .loadedTooEarly,
          fix: "move line \(line + 1) to the end")
      }
    }
  }
}

extension Substring {
  /// Whether a line of a start file replaces the hooks that are there, or initializes completions again.
  fileprivate var undoesShellIntegration: Bool {
    let replaced = ["PROMPT_COMMAND", "precmd_functions"].first { hasPrefix($0 + "=") }
    let isReplaced = replaced.map { !dropFirst($0.count).contains($0) } ?? false
    return isReplaced || !hasPrefix("#") && (contains("compinit") || contains("oh-my-zsh.sh"))
  }
}

// MARK: - Network

extension Checkup {
  /// Name, proxy, TLS and clock, by one call that needs no credentials.
  private mutating func checkNetwork() throws {
    guard let profiles else { return }
    let connection = try host.connectionWithoutProfile(profiles).withRegion(forARN: nil)
    guard let offset = try STS(host.client(for: connection)).clockOffset(), abs(offset) >= Self.noticedOffset
    else { return }
    find(Messages.clock(isOffBy: offset), .wrongClock, fix: "sudo timedatectl set-ntp true")
  }

  /// Seconds; AWS refuses 15 minutes.
  private static let noticedOffset = 60
}
