import AWSValues
import Profiles
import TestSupport

/// Plans from the text of files, for tables.
struct Planning {
  var config = ""
  var credentials = ""
  var environment: [String: String] = [:]
  var options = PlanOptions(defaultSessionName: RoleSessionName(user: "al", host: "box"))

  func plan(for name: String) throws -> CredentialPlan {
    let planner = CredentialPlanner(
      profiles: try ProfileSet(config: config, credentials: credentials), environment: environment, options: options)
    return try planner.plan(for: name)
  }

  /// What `plan(for:)` throws; nil if there is a plan.
  func error(for name: String) throws -> PlanError? {
    do {
      _ = try plan(for: name)
      return nil
    } catch let error as PlanError {
      return error
    }
  }
}

extension CredentialPlan {
  /// The plan in a line: `key(base) session(device, 43200) role(name, 3600 of 7200, device)`.
  var summary: String {
    let start = source.role.map { "\(source.name.summary)[\($0)]" } ?? source.name.summary
    return ([start] + steps.map(\.summary)).joined(separator: " ")
  }

  var plainText: SourceLocation? {
    switch source {
    case .longTermKey(let key): key.plainText
    case .identityCenter, .login, .webIdentity, .process, .environment, .container, .instance: nil
    }
  }
}

extension SourceName {
  fileprivate var summary: String { "\(kind.rawValue)(\(name))" }
}

extension CredentialPlan.Step {
  var summary: String {
    switch self {
    case .sessionToken(let session): "session(\(list(session.device?.text, "\(session.duration.seconds)")))"
    case .federationToken(let step): "federation(\(list(step.name.text, "\(step.duration.seconds)")))"
    case .assumeRole(let step):
      "role(\(list(step.role.name, step.duration.seconds.description + cap(step), step.device?.text)))"
    }
  }

  private func cap(_ step: CredentialPlan.AssumeRole) -> String {
    step.cappedFrom.map { " of \($0.seconds)" } ?? ""
  }

  private func list(_ parts: String?...) -> String { parts.compactMap { $0 }.joined(separator: ", ") }
}

extension String {
  /// The text of a role's ARN.
  static func role(_ name: String) -> String { "arn:aws:iam::123456789012:role/\(name)" }
}

// MARK: - Text

/// Profiles from the text of files that do not exist: `/config` and `/credentials`.
extension ProfileSet {
  init(config: String = "", credentials: String = "") throws(ConfigError) {
    self.init(
      config: try ConfigDocument(parsing: Array(config.utf8), file: "/config", as: .config),
      credentials: try ConfigDocument(parsing: Array(credentials.utf8), file: "/credentials", as: .credentials))
  }
}

extension SourceLocation {
  static func config(_ line: Int) -> SourceLocation { SourceLocation(file: "/config", line: line) }
  static func credentials(_ line: Int) -> SourceLocation { SourceLocation(file: "/credentials", line: line) }
}

extension ScratchFolder {
  /// The two files `config` and `credentials` in it.
  func files() throws -> ConfigFiles {
    try ConfigFiles(
      environment: ["AWS_CONFIG_FILE": path("config"), "AWS_SHARED_CREDENTIALS_FILE": path("credentials")])
  }
}
