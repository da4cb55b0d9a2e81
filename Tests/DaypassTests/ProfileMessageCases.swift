import AWSValues
import Delivery
import FoundationEssentials
import HTTP
import Hashing
import Keyring
import POSIX
import Processes
import Profiles
import Prompts
import QRCodes
import Scenarios
import TerminalIO

@testable import AWSServices
@testable import Browser
@testable import Sessions
@testable import daypass

/// What can be wrong in the user's files.
extension MessageCase {
  private static let place = SourceLocation(file: hostile, line: 7)
  private static let property = Origin.property(.durationSeconds, profile: hostile, at: place)
  private static let range = SessionDuration(seconds: 900)...SessionDuration(seconds: 3600)

  static let plans: [MessageCase] =
    [
      .init(PlanError.unknownProfile(hostile, nearest: []), .noSuchProfile),
      .init(PlanError.unknownProfile(hostile, nearest: [hostile]), .noSuchProfile),
      .init(PlanError.reference(.unknownProfile(hostile, nearest: []), from: property), .badConfig),
      .init(PlanError.reference(.unknownProfile(hostile, nearest: ["a", "b"]), from: property), .badConfig),
      .init(PlanError.reference(.loop([hostile, "b", hostile]), from: property), .badConfig),
      .init(
        PlanError.reference(.loop([hostile, hostile]), from: .property(.includeProfile, profile: hostile, at: place)),
        .badConfig),
      .init(PlanError.reference(.tooLong(limit: 32), from: property), .badConfig),
      .init(PlanError.quotedProfile(hostile, at: place), .badConfig),
      .init(PlanError.bareName(hostile, at: place), .noSuchProfile),
      .init(PlanError.keyNotUsed(profile: hostile, source: nil, from: property), .usage),
      .init(PlanError.keyNotUsed(profile: hostile, source: hostile, from: property), .usage),
      .init(PlanError.roleWithoutSource(property), .badConfig),
      .init(PlanError.conflict(property, with: .credentialSource), .badConfig),
      .init(PlanError.partialKey(missing: .secretAccessKey, present: property), .badConfig),
      .init(PlanError.durationOutOfRange(.init(seconds: 1), allowed: range, of: property), .badConfig, .absent),
      .init(
        PlanError.durationOutOfRange(.init(seconds: 1), allowed: range, of: .option("--duration")), .usage, .absent),
      .init(PlanError.reference(.unknownServices(hostile), from: property), .badConfig),
      .init(PlanError.missing([.ssoRegion, .ssoStartURL], for: .section(hostile, at: place)), .badConfig),
      .init(PlanError.reference(.unknownSSOSession(hostile, nearest: []), from: property), .badConfig),
      .init(PlanError.reference(.unknownSSOSession(hostile, nearest: [hostile]), from: property), .badConfig),
      .init(PlanError.tokenOnly(property), .badConfig),
      .init(PlanError.deviceWithoutKey(property, source: nil), .badConfig),
      .init(PlanError.deviceWithoutKey(property, source: property), .badConfig),
      .init(PlanError.noKeyUsed(profile: hostile, from: property), .usage),
      .init(PlanError.durationOfSource(.option("--duration"), source: property), .usage),
      .init(PlanError.durationOfSource(property, source: nil), .badConfig),
      .init(
        PlanError.invalidValue(hostile, of: .sectionProperty(.ssoRegion, section: hostile, at: place)), .badConfig),
      .init(PlanError.unusableCommand(hostile, .needsShell, of: property), .badConfig),
      .init(PlanError.unusableCommand(hostile, .openQuote, of: property), .badConfig),
      .init(PlanError.unusableCommand(hostile, .noProgram, of: property), .badConfig),
      .init(PlanError.reference(.programLoop([hostile, hostile]), from: property), .badConfig),
      .init(PlanError.reference(.programsTooDeep([hostile, "b", "c", "d"]), from: property), .badConfig),
      .init(PlanError.missingVariable("AWS_ROLE_ARN", for: "AWS_WEB_IDENTITY_TOKEN_FILE"), .badConfig),
      .init(PlanError.disabled(property, by: "AWS_EC2_METADATA_DISABLED"), .badConfig),
      .init(PlanError.scope(.cannotNarrow(.option("--read-only"), source: property)), .usage),
      .init(PlanError.scope(.cannotNarrow(property, source: nil)), .badConfig),
      .init(PlanError.scope(.conflict(.option("--read-only"), property)), .usage),
      .init(PlanError.scope(.conflict(.option("--read-only"), .option("--no-session"))), .usage),
      .init(PlanError.scope(.invalidPolicy(.notJSON(line: 1, column: 2), of: .option("--policy"))), .usage),
      .init(PlanError.scope(.invalidPolicy(.noStatement, of: .option("--policy"))), .usage),
      .init(
        PlanError.scope(.invalidPolicy(.character("\u{202e}", line: 1, column: 2), of: .option("--policy"))), .usage),
      .init(PlanError.scope(.tooMany(11, limit: 10, of: .option("--policy-arn"))), .usage),
      .init(PlanError.scope(.repeatedTag(of: property)), .badConfig),
      .init(PlanError.invalidValue(hostile, of: .option("--tag")), .usage),
      .init(PlanError.invalidValue(hostile, of: .option("--service")), .usage),
    ]
    + [RoleARN("arn:aws-cn:iam::123456789012:role/deploy")].compactMap { $0 }.map { role in
      MessageCase(
        PlanError.otherPartition(role, region: hostile, regionPartition: "aws", of: property), .badConfig)
    } + invalidValues + unsupported

  /// A setting that is not served yet says what to do instead.
  private static let unsupported = Setting.allCases.map { setting in
    MessageCase(PlanError.unsupported(.property(setting, profile: hostile, at: place)), .badConfig)
  }

  /// A setting whose value is restricted says what one looks like.
  private static let invalidValues =
    [
      Setting.region, .roleARN, .roleSessionName, .externalID, .durationSeconds, .mfaSerial, .useFIPSEndpoint,
      .useDualStackEndpoint, .ignoreConfiguredEndpointURLs, .stsRegionalEndpoints, .maxAttempts,
    ].map { setting in
      MessageCase(
        PlanError.invalidValue(hostile, of: .property(setting, profile: hostile, at: place)), .badConfig)
    }

  static let files: [MessageCase] =
    [
      .init(ConfigError.homeUnknown(nil, insteadOf: "AWS_CONFIG_FILE"), .badConfig),
      .init(ConfigError.homeUnknown(hostile, insteadOf: "AWS_CONFIG_FILE"), .badConfig),
      .init(ConfigError.pathNotText(hostile), .badConfig),
      .init(ConfigError.quotedProfile(hostile, at: place), .badConfig),
      .init(ConfigError.unwritable(file: hostile, .foreign), .failure),
      .init(ConfigError.unreadable(file: hostile, .call(13)), .badConfig),
      .init(ConfigError.invalidProfileName(hostile), .usage), .init(ConfigError.unwritableProperty(.mfaSerial), .usage),
      .init(ConfigError.profileExists(hostile, at: place), .failure),
      .init(ConfigError.ssoSessionExists(hostile, at: place), .failure),
      .init(ConfigError.unreadable(file: hostile, .notRegular), .badConfig),
      .init(ConfigError.unreadable(file: hostile, .silent), .badConfig),
      .init(ConfigError.unwritable(file: hostile, .modifiedConcurrently), .tryAgain),
      .init(ConfigError.unwritable(file: hostile, .busy), .tryAgain),
      .init(ConfigError.unwritable(file: hostile, .call(28)), .failure),
    ]
    + [
      ConfigError.Syntax.notText, .byteOrderMark, .sectionNotClosed, .outsideSection, .continuationWithoutProperty,
      .propertyWithoutEquals, .propertyWithoutName, .subPropertyWithoutEquals, .subPropertyWithoutName,
    ].map { MessageCase(ConfigError.malformed($0, at: place), .badConfig) }
}
