internal import AWSServices
internal import AWSValues
package import FoundationEssentials
package import HTTP
internal import Profiles
internal import Secrets

/// Credentials that belong to where we run: to our environment, our container, or our instance.
package struct MachineSources {
  private let environment: [String: String]
  private let transport: any HTTPTransport
  private let now: @Sendable () -> Date
  private let pause: (Duration) -> Void

  /// - Parameter transport: goes to metadata addresses without TLS, and by no proxy.
  package init(
    environment: [String: String], transport: any HTTPTransport, now: @escaping @Sendable () -> Date,
    pause: @escaping (Duration) -> Void
  ) {
    self.environment = environment
    self.transport = transport
    self.now = now
    self.pause = pause
  }

  /// The credentials in our own variables.
  func ofEnvironment() throws(SourceError) -> Credentials {
    let required = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    guard let id = value(required[0]), let secret = value(required[1]) else {
      throw .missingVariables(required.filter { value($0) == nil })
    }
    guard let token = value("AWS_SESSION_TOKEN") else {
      return Credentials(accessKeyID: id, secretAccessKey: SecretBytes(copying: secret))
    }
    let end = value("AWS_CREDENTIAL_EXPIRATION").flatMap { Date(rfc3339: $0) }
    if let end, end <= now() { throw .expired(SourceName(.environment, ""), end) }
    return Credentials(
      accessKeyID: id, secretAccessKey: SecretBytes(copying: secret), sessionToken: SecretBytes(copying: token),
      expiration: end)
  }

  /// An empty variable counts as unset.
  private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  func ofContainer() throws -> Credentials {
    let endpoint = try ContainerEndpoint(environment: environment)
    let token = try ContainerToken.of(environment)
    let client = MachineClient(.container, transport: transport, pause: pause)
    let credentials = try client.credentials(from: endpoint, token)
    if let end = credentials.expiration, end <= now() { throw SourceError.expired(SourceName(.container, ""), end) }
    return credentials
  }

  func ofInstance(_ instance: CredentialPlan.InstanceMetadata) throws -> Credentials {
    let endpoint: InstanceEndpoint
    do throws(URLText.Fault) {
      endpoint = try InstanceEndpoint(instance.endpoint, mode: instance.mode)
    } catch {
      throw SourceError.unusableEndpoint(instance.endpoint ?? "", error)
    }
    guard endpoint.isTrusted else { throw SourceError.unusableEndpoint(endpoint.text, nil) }
    let client = MachineClient(.instance, transport: transport, pause: pause)
    return try client.credentials(from: endpoint, timeout: instance.timeout)
  }

  /// What tells whose credentials the environment holds: the key.
  var identityOfEnvironment: [String] { [value("AWS_ACCESS_KEY_ID") ?? ""] }

  /// What tells whose credentials the container gives: the URL and the token.
  func identityOfContainer() throws(MachineError) -> [String] {
    let token = try ContainerToken.of(environment)
    return [try ContainerEndpoint(environment: environment).url.text] + (token.withValue { $0.identity } ?? [])
  }
}
