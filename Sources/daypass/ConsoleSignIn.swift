import AWSServices
import AWSValues
import Browser
import FoundationEssentials
import Hashing
import Profiles
import Secrets
import Sessions
import TerminalIO

/// Signs in as with `aws login`: in the browser of this machine, or on another device with a text to be typed here.
struct ConsoleSignIn: LoginPrompter {
  let obstacle: SignInObstacle?
  let device: SignInService.Device
  private let person: BrowserSignIn

  /// On another device, or without a browser here, a terminal is needed to paste the text into.
  init(_ policy: BrowserSignIn.Policy, on device: SignInService.Device? = nil, host: Host) {
    person = BrowserSignIn(policy, on: host)
    self.device = device ?? (person.browser == nil ? .other : .same)
    let needsTerminal = self.device == .other && Terminal.foreground() == nil
    obstacle = person.obstacle ?? (needsTerminal ? .noTerminal : nil)
  }

  /// Bytes; the text that the page shows has more than a thousand.
  private static let textLimit = 8_192

  func authorize(_ page: (AuthorizationRequest) throws -> String) throws -> AuthorizationGrant {
    try person.authorize(page)
  }

  func authorize(
    elsewhere redirectURI: String, _ page: (AuthorizationRequest) throws -> String
  ) throws -> AuthorizationGrant {
    let proof = PKCE()
    let state = UUID().uuidString.lowercased()
    let url = try page(AuthorizationRequest(redirectURI: redirectURI, state: state, challenge: proof.challenge))
    person.say("daypass: sign in on any device, here:")
    person.say("  \(url)")
    let code = try code(for: state)
    return AuthorizationGrant(code: code, verifier: proof.verifier.clone(), redirectURI: redirectURI)
  }

  private func code(for state: String) throws -> SecretBytes {
    let terminal = try Terminal.required(toAsk: "for the text of the page", flag: "a terminal")
    let typed = try terminal.readLine(
      "text shown on the last page: ", echo: .hidden, until: .now + BrowserSignIn.timeout,
      limit: Self.textLimit)
    return try RemoteAnswer.code(in: typed, for: state)
  }
}

/// The text with which a sign-in on another device ends: `state=…&code=…` in Base64.
enum RemoteAnswer {
  static func code(in typed: borrowing SecretBytes, for state: String) throws -> SecretBytes {
    guard let text = Base64.decodeLeniently(typed) else { throw LoginError.unreadableText }
    let form = SecretForm(text)
    guard let code = form.code, let given = form.value(of: "state") else {
      throw LoginError.unreadableText
    }
    guard given.equals(SecretBytes(copying: state)) else { throw LoginError.textOfOtherSignIn }
    return code
  }
}

// MARK: - Host

extension Host {
  /// Signs in as with `aws login`, in the region of `connection`.
  func consoleLogin(_ connection: Connection, _ prompter: any LoginPrompter) throws -> ConsoleLogin {
    let cache = SharedLoginCache(environment: environment, now: now)
    return ConsoleLogin(
      store: keyring, connection: connection.withRegion(forARN: nil), connect: { SignInService(client(for: $0)) },
      locks: try signInLocks(), prompter: prompter, sharedCredentials: { cache.credentials(of: $0) }, now: now,
      warn: { diagnostics.warn($0.words) })
  }
}
