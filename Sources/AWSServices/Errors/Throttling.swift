/// How AWS says that too much was asked at once.
enum Throttling {
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
  static let codes: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
    "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
    "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException",
  ]
}
