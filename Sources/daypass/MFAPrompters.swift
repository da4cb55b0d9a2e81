import AWSValues
import ArgumentParser
import Processes
import Profiles
import Prompts
import Secrets
import Sessions
import TerminalIO

// MFA codes: given by `--mfa-code`, else printed by the profile's `mfa_process`, else asked for on the terminal, else in a
// window.

extension PromptSource: ExpressibleByArgument {
  /// `terminal` is aws-vault's word for `tty`.
  package init?(argument: String) {
    self.init(rawValue: argument == "terminal" ? Self.tty.rawValue : argument)
  }
}

/// The one source of codes that the user has chosen.
struct PromptChoice {
  let source: PromptSource
  let origin: Origin

  /// Nil if neither `--prompt`, on the command line or in a `credential_process` line, nor a variable chooses one.
  init?(_ option: PromptSource?, _ plan: CredentialPlan, in environment: [String: String]) throws {
    if let option {
      (source, origin) = (option, .option("--prompt"))
    } else if let name = plan.prompt {
      guard let named = PromptSource(argument: name.text) else {
        throw PlanError.invalidValue(name.text, of: name.origin)
      }
      (source, origin) = (named, name.origin)
    } else if let text = environment.value(of: Self.variable) {
      guard let named = PromptSource(rawValue: text) else {
        throw CommandError.invalidChoice(variable: Self.variable, text, choices: PromptSource.allCases.map(\.rawValue))
      }
      (source, origin) = (named, .variable(Self.variable))
    } else {
      guard let named = Self.ofAWSVault[environment[Self.variableOfAWSVault] ?? ""] else { return nil }
      (source, origin) = (named, .variable(Self.variableOfAWSVault))
    }
  }

  /// Whether it takes precedence over a profile's program: a variable does not, nor does the wish not to be asked.
  var precedesProgram: Bool {
    switch origin {
    case .variable: false
    case .option, .property, .section, .sectionProperty: source != .nobody
    }
  }

  private static let variable = "DAYPASS_PROMPT"
  private static let variableOfAWSVault = "AWS_VAULT_PROMPT"
  /// The words of aws-vault that mean something here.
  private static let ofAWSVault: [String: PromptSource] = [
    "terminal": .tty, "zenity": .zenity, "kdialog": .kdialog, "ykman": .ykman,
  ]
}

// MARK: - Choice

extension Host {
  /// Where codes come from if none is given.
  ///
  /// The program that the profile names is not run if it has called us for a code of the same device.
  func prompter(for plan: CredentialPlan, _ option: PromptSource? = nil) throws -> any MFAPrompter {
    let choice = try PromptChoice(option, plan, in: environment)
    if let process = plan.mfaProcess, choice?.precedesProgram != true,
      environment[ProgramPrompter.deviceVariable] != plan.device?.text
    {
      return ProgramPrompter(process, for: plan.profile, by: programs, now: now, pause: Self.pause)
    }
    let seconds = try environment.timeout("DAYPASS_PROMPT_TIMEOUT") ?? 60
    let person = PersonPrompter(profile: plan.profile, seconds: seconds, host: self)
    guard let choice else { return person }
    return switch choice.source {
    case .tty: TerminalPrompter(profile: plan.profile)
    case .pinentry: ChosenWindow(person: person, window: .pinentry)
    case .zenity: ChosenWindow(person: person, window: .zenity)
    case .kdialog: ChosenWindow(person: person, window: .kdialog)
    case .ykman: yubiKey(for: plan, seconds)
    case .nobody: NobodyToAsk(profile: plan.profile, obstacle: .forbidden)
    }
  }

  /// The variables are aws-vault's.
  private func yubiKey(for plan: CredentialPlan, _ seconds: Int) -> any MFAPrompter {
    let programs = promptPrograms(seconds: seconds)
    let terminal: ChildProgram.TerminalUse = Terminal.foreground() == nil ? .none : .shared
    return ProgramPrompter(for: plan.profile, now: now, pause: Self.pause) { device throws(ChildError) in
      let account = environment.value(of: "YKMAN_OATH_CREDENTIAL_NAME") ?? device.text
      let key = environment.value(of: "YKMAN_OATH_DEVICE_SERIAL")
      return try programs.ykman(account: account, onKey: key, terminal: terminal)
    } failure: { error in
      .prompt(.unusable(program: "ykman", error.map { .program($0) } ?? .noCode))
    }
  }

  /// With the user's environment, but no variable of AWS: no dialog needs credentials. No list could name the other
  /// variables that it needs.
  fileprivate func promptPrograms(seconds: Int) -> PromptPrograms {
    let environment = start.environment.withoutCredentials.filter { !$0.starts(with: "AWS_".utf8) }
    return PromptPrograms(environment: environment, seconds: seconds)
  }
}

/// Fails when a person would be asked for a code.
struct NobodyToAsk: MFAPrompter {
  let profile: String
  var obstacle = PromptObstacle.noTerminal

  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    throw .noPrompt(device: device, profile: profile, obstacle)
  }
}

// MARK: - Terminal

/// Asks on the user's terminal.
struct TerminalPrompter: MFAPrompter {
  /// The profile for which a session is wanted.
  let profile: String

  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    guard let terminal = Terminal.foreground() else {
      throw .noPrompt(device: device, profile: profile, Terminal.isInBackground ? .background : .noTerminal)
    }
    do {
      if let refusal { try terminal.say("daypass: \(refusal.words)") }
      // A code is shown as it is typed: it is worth nothing once it has been sent, and a typing error is seen.
      return try terminal.readLine("MFA code for \(device.text.displayText()): ", echo: .visible).trimmed()
    } catch {
      throw .promptCancelled
    }
  }
}

// MARK: - Windows

/// Asks on the terminal if we are in its foreground, else in a window if a display answers.
struct PersonPrompter: MFAPrompter {
  fileprivate let profile: String
  /// How long a window is waited for.
  fileprivate let seconds: Int
  fileprivate let host: Host

  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    guard Terminal.foreground() == nil, Display.answers(in: host.environment) else {
      return try TerminalPrompter(profile: profile).code(of: device, after: refusal)
    }
    host.diagnostics.waiting(for: "the MFA code in a window")
    for window in WindowProgram.allCases {
      do throws(PromptError) {
        return try code(of: device, after: refusal, in: window)
      } catch {
        guard case .unusable = error else { throw SessionError(error) }
        host.diagnostics.debug(error.errorMessage.problem)
      }
    }
    throw .noPrompt(device: device, profile: profile, .noProgram)
  }

  /// At the terminal, while it is ours, pinentry may be one that asks there.
  fileprivate func code(
    of device: MFADevice, after refusal: MFARefusal?, in window: WindowProgram
  ) throws(PromptError) -> SecretBytes {
    let question = PromptQuestion(
      "MFA code for \(device.text.displayText())\n(profile '\(profile.displayText())')", after: refusal?.words)
    let programs = host.promptPrograms(seconds: seconds)
    guard window == .pinentry, let terminal = Terminal.foreground() else {
      return try programs.answer(to: question, by: window, terminal: nil).trimmed()
    }
    let settings = Pinentry.TerminalSettings(in: host.environment)
    do {
      return try terminal.lend { try programs.answer(to: question, by: window, terminal: settings).trimmed() }
    } catch {
      throw (error as? PromptError) ?? .unusable(program: window.rawValue, .needsTerminal)
    }
  }
}

/// Asks in the window that the user has chosen, or not at all.
private struct ChosenWindow: MFAPrompter {
  let person: PersonPrompter
  let window: WindowProgram

  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    do throws(PromptError) {
      // pinentry may ask elsewhere.
      guard window == .pinentry || Display.answers(in: person.host.environment) else {
        throw .unusable(program: window.rawValue, .noDisplay)
      }
      return try person.code(of: device, after: refusal, in: window)
    } catch {
      throw SessionError(error)
    }
  }
}

extension SessionError {
  fileprivate init(_ error: PromptError) {
    self = error == .cancelled ? .promptCancelled : .prompt(error)
  }
}
