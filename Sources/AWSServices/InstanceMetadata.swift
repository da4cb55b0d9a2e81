package import AWSValues
package import HTTP
package import Secrets

/// The address of an EC2 instance's metadata service.
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
package struct InstanceEndpoint: Equatable, Sendable {
  /// Its path does not end with `/`.
  private let base: URLText

  /// - Parameters:
  ///   - text: a URL in place of AWS's own addresses.
  ///   - mode: which of these it is otherwise.
  package init(_ text: String?, mode: InstanceEndpointMode) throws(URLText.Fault) {
    var base = try URLText(strictly: text ?? mode.address)
    while base.path.last == "/" { base.path.removeLast() }
    self.base = base
  }

  /// Whether what comes from there can be believed: over TLS, from loopback, or from where nothing but the machine answers.
  package var isTrusted: Bool { base.scheme == .https || base.isLoopback || base.isInstanceAddress }

  package var text: String { base.text }

  package func url(_ path: String) -> URLText {
    var url = base
    url.path += path
    return url
  }
}

extension InstanceEndpointMode {
  fileprivate var address: String {
    switch self {
    case .ipv4: "http://169.254.169.254"
    case .ipv6: "http://[fd00:ec2::254]"
    }
  }
}

// MARK: - Credentials

/// Uses only version 2 of the service, which asks for a token first. Version 1 answers any program that can be made to send
/// a GET.
extension MachineClient {
  /// The credentials of the instance's role, even if they have expired: the service gives none that are better, and STS
  /// tells by its own clock.
  package func credentials(from endpoint: InstanceEndpoint, timeout: Duration) throws(MachineError) -> Credentials {
    do throws(MachineError) {
      return try credentials(from: endpoint, newToken(of: endpoint, timeout), timeout)
    } catch {
      // The token has ended before its time.
      guard case .refused(_, status: 401, _) = error else { throw error }
      return try credentials(from: endpoint, newToken(of: endpoint, timeout), timeout)
    }
  }

  private static let tokenLifetime = HTTPRequest.Header("X-aws-ec2-metadata-token-ttl-seconds", "21600")
  private static let roles = "/latest/meta-data/iam/security-credentials/"

  private func newToken(of endpoint: InstanceEndpoint, _ timeout: Duration) throws(MachineError) -> SecretBytes {
    var request = HTTPRequest(method: .put, url: endpoint.url("/latest/api/token"), headers: [Self.tokenLifetime])
    request.timeout = timeout
    return try read(request) { response throws(MachineError) in
      switch response.status {
      case 200: break
      case 403: throw .metadataOff
      case 404, 405: throw .oldMetadata
      default: throw refusal(response)
      }
      guard !response.body.isEmpty, response.body.isVisibleASCII else {
        throw .malformed(.instance, .malformed("token"))
      }
      return response.body.clone()
    }
  }

  private func credentials(
    from endpoint: InstanceEndpoint, _ token: borrowing SecretBytes, _ timeout: Duration
  ) throws(MachineError) -> Credentials {
    let role = try read(request(Self.roles, of: endpoint, token, timeout)) { response throws(MachineError) in
      guard response.status != 404 else { throw .noInstanceRole }
      guard response.status == 200 else { throw refusal(response) }
      guard let role = response.body.firstLine else { throw .malformed(.instance, .malformed("role")) }
      return role
    }
    return try read(request(Self.roles + role.text, of: endpoint, token, timeout)) { response throws(MachineError) in
      try credentials(in: response)
    }
  }

  private func request(
    _ path: String, of endpoint: InstanceEndpoint, _ token: borrowing SecretBytes, _ timeout: Duration
  ) -> HTTPRequest {
    var request = HTTPRequest(
      method: .get, url: endpoint.url(path),
      secretHeader: HTTPRequest.SecretHeader("X-aws-ec2-metadata-token", token.clone()))
    request.timeout = timeout
    return request
  }
}

extension SecretBytes {
  /// The name of the role, of which there is one at most.
  fileprivate var firstLine: RoleName? {
    let line = revealed()?.split(whereSeparator: \.isNewline).first
    return line.flatMap { RoleName(String($0)) }
  }
}
