import AWSValues
import ArgumentParser
import Delivery
import FoundationEssentials
import Glibc
import Processes
import Profiles
import Secrets
import TerminalIO

struct Use: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "use",
    abstract: "Put credentials into this shell, and renew them.",
    usage: "daypass use [OPTIONS] [PROFILE | -]",
    discussion: """
      For example:
        daypass use prod
      Without a profile it lets you choose one; '-' is the one before. 'daypass off' takes the credentials out again. It \
      needs this line in ~/.bashrc (see 'daypass init --help' for zsh and fish):
        eval "$(daypass init bash)"
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  /// Set by the shell's function, which runs what is printed.
  @Option(help: .private) var shell: IntegratedShell?

  /// Set by the shell's hook.
  @Option(help: .private) var renewal: Renewal?

  /// How credentials that were asked for before are renewed.
  enum Renewal: String, ExpressibleByArgument {
    /// Before a prompt, which must not wait long.
    case limited
    /// By a process that has no terminal, and goes on when the prompt stops waiting for it.
    case unattended
  }

  func run(on host: Host) throws {
    guard let shell else { throw ShellError.notIntegrated(command: Self.name, in: .ofCaller) }
    let words = Self.repeatable(Array(CommandLine.arguments.dropFirst(2)))
    switch (renewal, profile.profile) {
    case (.limited, _): try renew(words, on: host)
    case (nil, "-"): throw ShellError.noProfileBefore
    case (nil, nil):
      var choice = self
      let name = try host.chosenProfile()
      choice.profile.profile = name
      try choice.put(into: shell, [name] + words, on: host)
    case (_, _): try put(into: shell, words, on: host)
    }
  }

  /// Prints what the shell's function runs; `words` are those to renew with.
  private func put(into shell: IntegratedShell, _ words: [String], on host: Host) throws {
    do {
      let plan = try plan(on: host)
      let credentials = try shellAccess(plan, on: host).credentials(margin: .command)
      let script = try shell.script(
        holding: credentials, plan.variables(in: host.environment), inherited: host.start.environment,
        renewedIn: credentials.renewalDelay(at: host.now()), words: words)
      if renewal == nil { host.diagnostics.note(Messages.holds(plan.profile, credentials.expiration, host.now())) }
      try host.output.write(script)
    } catch let error as any UserFacingError {
      // Name the profile that was chosen.
      throw ProfileFailure(errorMessage: message(of: error, on: host))
    }
  }

  private func shellAccess(_ plan: CredentialPlan, on host: Host) throws -> ProfileSession {
    guard renewal == .unattended else { return try access(plan, on: host) }
    return try ProfileSession(
      plan, request, prompter: NobodyToAsk(profile: plan.profile), signIn: .never, on: host)
  }

  /// The words with which the hook calls `use` again: those that were typed, without the MFA code, which is spent, and
  /// without options for one call only.
  static func repeatable(_ typed: [String]) -> [String] {
    var words: [String] = []
    var rest = typed[...]
    while let word = rest.popFirst() {
      let name = String(word.prefix { $0 != "=" })
      if ["--fresh", "--debug"].contains(name) { continue }
      guard ["--mfa-code", "--mfa-token", "-t", "--shell", "--renewal"].contains(name) else {
        words.append(word)
        continue
      }
      if name == word { rest = rest.dropFirst() }
    }
    return words
  }
}

// MARK: - Renewal

extension Use {
  /// How long a prompt waits.
  private static let timeout = Duration.seconds(2)

  /// Lets another process renew, which cannot ask anybody: it has neither terminal nor display. If it takes longer, it
  /// goes on, so that a token that it has used up is not lost, and its session is in the cache next time.
  private func renew(_ words: [String], on host: Host) throws {
    let program = [
      "/proc/self/exe", Self.name, "--shell", shell?.rawValue ?? "", "--renewal", Renewal.unattended.rawValue,
    ]
    let displays = ["DISPLAY=", "WAYLAND_DISPLAY="].map { Array($0.utf8) }
    let environment = host.start.environment.entries.filter { entry in !displays.contains { entry.starts(with: $0) } }
    let child = ChildProgram(program + words, environment: environment, terminal: .detached, timeout: Self.timeout)
    let name = profile.name(in: host.environment)
    do {
      guard let script = try child.runDetachable() else { throw ShellError.stillRenewing(profile: name) }
      try host.output.write(script)
    } catch is ChildError {
      let held = HeldCredentials(in: host.environment)
      throw ShellError.notRenewed(profile: name, secondsLeft: held?.secondsLeft(at: host.now()))
    }
  }
}

extension Credentials {
  /// In how many seconds to renew them: five minutes before they end, or after two thirds of their time left; nil if
  /// they do not end.
  borrowing func renewalDelay(at now: Date) -> Int? {
    expiration.map { end in
      let left = end.timeIntervalSince(now)
      return max(30, Int(left - min(300, left / 3)))
    }
  }
}

// MARK: - Profile choice

extension Host {
  /// Lets the user choose a profile at the terminal.
  fileprivate func chosenProfile() throws -> String {
    let names = try profiles().names
    guard let terminal = Terminal.foreground() else { throw ShellError.noProfileNamed }
    guard !names.isEmpty else { throw ShellError.noProfiles }
    let style: Picker.Style = Terminal.redraws(in: environment) ? .redrawn : .numbered
    let picker = Picker(
      question: "profile", items: names, none: "no profile has this in its name", style: style
    ) { name, typed in
      NearestNames(to: typed).areParts(of: name)
    }
    do { return try picker.choose(at: terminal) } catch { throw ShellError.nothingChosen }
  }
}

// MARK: - Off

struct Off: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "off",
    abstract: "Restore this shell to what it was before 'use'.",
    usage: "daypass off",
    discussion: """
      For example:
        daypass use prod; aws s3 ls; daypass off
      Every variable gets back the value that it had before, exported or not, or is unset.
      """)

  @OptionGroup var diagnostics: DiagnosticOptions

  /// Set by the shell's function, which only comes here if there is nothing to do.
  @Option(help: .private) var shell: IntegratedShell?

  func run(on host: Host) throws {
    guard shell != nil else { throw ShellError.notIntegrated(command: Self.name, in: .ofCaller) }
    host.diagnostics.note(Messages.nothingToTakeOut(of: HeldCredentials(in: host.environment)))
  }
}

// MARK: - Shell error

/// Why the shell's variables were not changed.
enum ShellError: Error, Equatable {
  /// The command was not started by the function that `init` defines.
  case notIntegrated(command: String, in: IntegratedShell?)
  /// There is no profile that was used before.
  case noProfileBefore
  /// No profile was named, and nobody can choose one.
  case noProfileNamed
  case noProfiles
  case nothingChosen
  case stillRenewing(profile: String)
  /// The renewal needs somebody to answer.
  case notRenewed(profile: String, secondsLeft: Int?)
}
