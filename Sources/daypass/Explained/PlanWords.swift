import AWSValues
import Profiles

/// What is said of a plan that cannot be made.
enum PlanWords {
  static func unknownProfile(_ name: String, _ nearest: [String]) -> Explanation {
    Explanation(
      "there is no profile '\(name.displayText())'",
      hint: nearest.question ?? "daypass add \(name.displayText()) creates it; daypass list shows what there is",
      status: .noSuchProfile)
  }

  static func unknownReference(_ name: String, _ origin: Origin, _ nearest: [String]) -> Explanation {
    Explanation(
      "\(origin.words) refers to '\(name.displayText())', which is no profile",
      hint: nearest.question ?? "daypass list shows the profiles", status: .badConfig)
  }

  static func loop(_ names: [String], _ origin: Origin) -> Explanation {
    Explanation(
      "\(origin.words) closes a circle: \(names.joined(separator: " -> ").displayText())",
      hint: "let source_profile lead to a profile that holds a key", status: .badConfig)
  }

  static func roleWithoutSource(_ origin: Origin) -> Explanation {
    Explanation(
      "\(origin.words) does not say with whose credentials",
      hint: "add source_profile = NAME, the profile that holds the key", status: .badConfig)
  }

  static func conflict(_ origin: Origin, _ other: Setting) -> Explanation {
    Explanation(
      "\(origin.words) excludes \(other.rawValue) in the same profile", hint: "remove one of them", status: .badConfig
    )
  }

  static func partialKey(_ missing: Setting, _ present: Origin) -> Explanation {
    Explanation(
      "\(present.words) has no \(missing.rawValue) beside it", hint: "add it, or remove both", status: .badConfig)
  }

  static func unsupported(_ origin: Origin) -> Explanation {
    Explanation(
      "\(origin.words) is not supported yet", hint: "use a profile with a key, or source_profile and role_arn",
      status: .badConfig)
  }

  static func invalidValue(_ value: String, _ origin: Origin) -> Explanation {
    Explanation(
      "\(origin.words) cannot be '\(value.displayText())'", hint: origin.expectation, status: origin.status)
  }

  static func durationOutOfRange(_ duration: SessionDuration, _ allowed: ClosedRange<SessionDuration>, _ origin: Origin)
    -> Explanation
  {
    Explanation(
      "\(origin.words) is \(duration.seconds) s, and AWS allows \(allowed.lowerBound.seconds) to \(allowed.upperBound.seconds) s",
      hint: "900 s are 15m, 3600 s are 1h, 43200 s are 12h", status: origin.status)
  }

  static func otherPartition(_ role: RoleARN, _ region: String, _ partition: String, _ origin: Origin) -> Explanation {
    Explanation(
      "\(origin.words) names a role of the partition \(role.partition.displayText()), and region \(region.displayText()) is in \(partition)",
      hint: "check region and role_arn", status: .badConfig)
  }

  static func unknownServices(_ name: String, _ origin: Origin) -> Explanation {
    Explanation(
      "\(origin.words) refers to [services \(name.displayText())], which is not there",
      hint: "add the section or remove the line", status: .badConfig)
  }
}

extension Origin {
  fileprivate var words: String {
    switch self {
    case .option(let name): name
    case .variable(let name): name
    case .property(let setting, let profile, let location):
      "\(setting.rawValue) of profile '\(profile.displayText())' (\(location.words))"
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .option: .usage
    case .variable, .property: .badConfig
    }
  }

  /// What a value looks like.
  fileprivate var expectation: String? {
    switch self {
    case .option("--region"), .variable("AWS_REGION"), .variable("AWS_DEFAULT_REGION"): "like eu-west-1"
    case .option, .variable: nil
    case .property(let setting, _, _): setting.example.map { "like \($0)" }
    }
  }
}

extension Setting {
  fileprivate var example: String? {
    switch self {
    case .region: "eu-west-1"
    case .roleARN: "arn:aws:iam::123456789012:role/deploy"
    case .roleSessionName: "alice@host: 2 to 64 letters, digits and +=,.@-"
    case .externalID: "partner-42: 2 to 1224 letters, digits and +=,.@:\\/-"
    case .durationSeconds: "3600"
    case .mfaSerial: "arn:aws:iam::123456789012:mfa/alice"
    case .ignoreConfiguredEndpointURLs, .useFIPSEndpoint, .useDualStackEndpoint: "true or false"
    case .stsRegionalEndpoints: "regional or legacy"
    case .maxAttempts: "3"
    case .accessKeyID, .secretAccessKey, .sourceProfile, .credentialSource, .credentialProcess,
      .webIdentityTokenFile, .loginSession, .ssoSession, .ssoStartURL, .ssoAccountID, .ssoRoleName, .services,
      .endpointURL, .caBundle:
      nil
    }
  }
}
