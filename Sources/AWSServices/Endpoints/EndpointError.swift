package import HTTP

/// Why there is no address to send a call to.
package enum EndpointError: Error, Equatable, Sendable {
  case missingRegion
  /// Not a label that may stand in a host name.
  case invalidRegion(String)
  /// A configured endpoint that is no URL of a host; its text is left out, because it can hold a password.
  case invalidURL(URLText.Fault)
  /// A configured endpoint with a query, which would be lost.
  case urlWithQuery
  /// A configured endpoint with plain http to a host that is not a loopback address.
  case insecureURL(String)
  case fipsWithCustomEndpoint(String)
  case dualStackWithCustomEndpoint(String)
  case fipsNotSupported(partition: String)
  /// The role belongs to a partition that `region` is not in.
  case otherPartition(role: String, region: String)
}
