/// The host names of IAM in a partition, which follow no rule that holds everywhere.
struct IAMHosts: Equatable, Sendable {
  let plain: String
  let fips: String
  let dualStack: String
  let fipsDualStack: String
}
