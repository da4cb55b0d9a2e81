import AWSServices
import AWSValues
import HTTP

extension EndpointError: Explainable {
  var explanation: Explanation {
    switch self {
    case .missingRegion:
      Explanation(
        "no region is known", hint: "add --region eu-west-1, or region = eu-west-1 to the profile", status: .badConfig)
    case .invalidRegion(let region):
      Explanation("'\(region.displayText())' is no region", hint: "regions look like eu-west-1", status: .badConfig)
    case .invalidURL(let fault):
      Explanation(
        "an endpoint is not usable: \(fault.words)", hint: "check AWS_ENDPOINT_URL and endpoint_url",
        status: .badConfig)
    case .urlWithQuery:
      Explanation(
        "an endpoint is not usable: it has a query", hint: "check AWS_ENDPOINT_URL and endpoint_url",
        status: .badConfig)
    case .insecureURL(let url):
      Explanation(
        "the endpoint '\(url.displayText())' is plain http, which is for loopback addresses only",
        hint: "use https, or http://127.0.0.1:PORT", status: .badConfig)
    case .fipsWithCustomEndpoint(let url):
      Explanation(
        "the endpoint '\(url.displayText())' cannot be used with FIPS endpoints",
        hint: "unset use_fips_endpoint or the endpoint", status: .badConfig)
    case .dualStackWithCustomEndpoint(let url):
      Explanation(
        "the endpoint '\(url.displayText())' cannot be used with dual-stack endpoints",
        hint: "unset use_dualstack_endpoint or the endpoint", status: .badConfig)
    case .fipsNotSupported(let partition):
      Explanation(
        "S3 has no FIPS endpoints in the partition \(partition.displayText())", hint: "unset use_fips_endpoint",
        status: .badConfig)
    case .otherPartition(let role, let region):
      Explanation(
        "the role \(role.displayText()) is in another partition than the region \(region.displayText())",
        hint: "check region and role_arn of the profile", status: .badConfig)
    }
  }
}
