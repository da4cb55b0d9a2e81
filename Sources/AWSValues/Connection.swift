/// How AWS is reached: region, endpoints and trust, from flags, environment and profile.
package struct Connection: Equatable, Sendable {
  /// The region asked for by flag, environment or profile; nil if none is known.
  package var region: String?
  /// Endpoint URLs that replace AWS's own, as the user wrote them.
  package var endpoints: [Service: String]
  package var useFIPS: Bool
  package var useDualStack: Bool
  /// `sts_regional_endpoints = legacy`: 15 old regions are served by sts.amazonaws.com.
  package var useGlobalSTSEndpoint: Bool
  /// A PEM file that replaces the system's certificate authorities.
  package var caBundle: String?
  /// How often a call may be tried in all (`AWS_MAX_ATTEMPTS`, `max_attempts`).
  package var maxAttempts: Int

  package init(
    region: String? = nil, endpoints: [Service: String] = [:], useFIPS: Bool = false, useDualStack: Bool = false,
    useGlobalSTSEndpoint: Bool = false, caBundle: String? = nil, maxAttempts: Int = 3
  ) {
    self.region = region
    self.endpoints = endpoints
    self.useFIPS = useFIPS
    self.useDualStack = useDualStack
    self.useGlobalSTSEndpoint = useGlobalSTSEndpoint
    self.caBundle = caBundle
    self.maxAttempts = maxAttempts
  }

  /// A service whose endpoint can be replaced; the raw value is its name in a `[services]` section.
  package enum Service: String, CaseIterable, Sendable {
    case sts, s3, iam
    /// The access portal of IAM Identity Center.
    case sso
    /// Where one signs in to IAM Identity Center.
    case ssoOIDC = "sso_oidc"
    /// Where `aws login` signs in.
    case signIn = "signin"
  }
}

/// The version of IP for an EC2 instance's metadata service (`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`).
package enum InstanceEndpointMode: String, Sendable { case ipv4, ipv6 }

// MARK: - Session duration

/// How long a session lasts, in whole seconds.
package struct SessionDuration: Equatable, Comparable, Sendable {
  package var seconds: Int

  package init(seconds: Int) {
    self.seconds = seconds
  }

  /// Reads `900`, `15m`, `12h` or `1d`; nil for anything else.
  package init?(_ text: String) {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    var digits = text[...]
    var unit = 1
    if let last = text.last, let named = units[last] {
      digits = digits.dropLast()
      unit = named
    }
    guard digits.utf8.allSatisfy(\.isDigit), let number = Int(digits) else { return nil }
    let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.seconds = seconds
  }

  package static func < (left: SessionDuration, right: SessionDuration) -> Bool { left.seconds < right.seconds }

  /// The limit AWS sets for roles assumed with temporary credentials.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  package static let roleChainingLimit = SessionDuration(seconds: 3600)
}
