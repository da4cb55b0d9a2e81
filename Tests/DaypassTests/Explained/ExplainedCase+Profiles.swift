import AWSValues
import Profiles

@testable import daypass

/// What can be wrong in the user's files.
extension ExplainedCase {
  private static let place = SourceLocation(file: hostile, line: 7)
  private static let property = Origin.property(.durationSeconds, profile: hostile, at: place)
  private static let range = SessionDuration(seconds: 900)...SessionDuration(seconds: 3600)

  static let plans: [ExplainedCase] =
    [
      .init(PlanError.unknownProfile(hostile, nearest: []), .noSuchProfile),
      .init(PlanError.unknownProfile(hostile, nearest: [hostile]), .noSuchProfile),
      .init(PlanError.unknownReference(hostile, from: property, nearest: []), .badConfig),
      .init(PlanError.unknownReference(hostile, from: property, nearest: ["a", "b"]), .badConfig),
      .init(PlanError.loop([hostile, "b", hostile], from: property), .badConfig),
      .init(PlanError.roleWithoutSource(property), .badConfig),
      .init(PlanError.conflict(property, with: .credentialSource), .badConfig),
      .init(PlanError.partialKey(missing: .secretAccessKey, present: property), .badConfig),
      .init(PlanError.unsupported(property), .badConfig),
      .init(PlanError.durationOutOfRange(.init(seconds: 1), allowed: range, of: property), .badConfig),
      .init(PlanError.durationOutOfRange(.init(seconds: 1), allowed: range, of: .option("--duration")), .usage),
      .init(PlanError.unknownServices(hostile, from: property), .badConfig),
    ]
    + [RoleARN("arn:aws-cn:iam::123456789012:role/deploy")].compactMap { $0 }.map { role in
      ExplainedCase(
        PlanError.otherPartition(role, region: hostile, regionPartition: "aws", of: property), .badConfig)
    } + invalidValues

  /// A setting whose value is restricted says what one looks like.
  private static let invalidValues =
    [
      Setting.region, .roleARN, .roleSessionName, .externalID, .durationSeconds, .mfaSerial, .useFIPSEndpoint,
      .useDualStackEndpoint, .ignoreConfiguredEndpointURLs, .stsRegionalEndpoints, .maxAttempts,
    ].map { setting in
      ExplainedCase(
        PlanError.invalidValue(hostile, of: .property(setting, profile: hostile, at: place)), .badConfig)
    }

  static let files: [ExplainedCase] =
    [
      .init(ConfigError.homeUnknown(nil), .badConfig), .init(ConfigError.homeUnknown(hostile), .badConfig),
      .init(ConfigError.foreignFolder(file: hostile), .failure),
      .init(ConfigError.unreadable(file: hostile, errno: 13), .badConfig),
      .init(ConfigError.invalidProfileName(hostile), .usage), .init(ConfigError.unwritableProperty(.mfaSerial), .usage),
      .init(ConfigError.profileExists(hostile, at: place), .failure),
      .init(ConfigError.notRegular(file: hostile), .badConfig),
      .init(ConfigError.silentPipe(file: hostile), .badConfig),
      .init(ConfigError.changedMeanwhile(file: hostile), .tryAgain),
      .init(ConfigError.busy(file: hostile), .tryAgain),
      .init(ConfigError.unwritable(file: hostile, errno: 28), .failure),
    ]
    + [
      ConfigError.Syntax.notText, .sectionNotClosed, .outsideSection, .continuationWithoutProperty,
      .propertyWithoutEquals, .propertyWithoutName, .subPropertyWithoutEquals, .subPropertyWithoutName,
    ].map { ExplainedCase(ConfigError.malformed($0, at: place), .badConfig) }
}
