package import AWSValues

/// Reads how AWS is to be reached from the command line, the environment and the profile that was asked for: the
/// profiles it refers to have no say.
package struct ConnectionSettings {
  private let profile: Profile?
  private let profiles: ProfileSet
  private let environment: [String: String]
  private let regionOption: String?
  /// For a profile without a region.
  var defaultRegion: Value?

  /// - Parameters:
  ///   - profile: nil if there is none yet, as when its key is being added.
  ///   - region: `--region`.
  package init(profile: Profile?, profiles: ProfileSet, environment: [String: String], region: String?) {
    self.profile = profile
    self.profiles = profiles
    self.environment = environment
    self.regionOption = region
  }

  package func connection() throws(PlanError) -> Connection {
    let endpoints = EndpointSettings(profile: profile, profiles: profiles, settings: self)
    return Connection(
      region: try region()?.text, endpoints: try endpoints.endpoints().mapValues(\.text),
      useFIPS: try flag(.useFIPSEndpoint), useDualStack: try flag(.useDualStackEndpoint),
      useGlobalSTSEndpoint: try useGlobalSTSEndpoint(), caBundle: setting(.caBundle)?.text,
      maxAttempts: try maxAttempts())
  }

  /// Adds where the connection was read.
  func addOrigins(to plan: inout CredentialPlan) throws(PlanError) {
    let endpoints = EndpointSettings(profile: profile, profiles: profiles, settings: self)
    plan.endpointOrigins = try endpoints.endpoints().mapValues(\.origin)
    if !plan.endpointOrigins.isEmpty { plan.origins.add(.services, property(.services)?.origin) }
    for setting in Self.settings { plan.origins.add(setting, self.setting(setting)?.origin) }
  }

  private static let settings: [Setting] = [
    .ignoreConfiguredEndpointURLs, .useFIPSEndpoint, .useDualStackEndpoint, .stsRegionalEndpoints, .caBundle,
    .maxAttempts,
  ]

  /// A value with its origin; an empty variable counts as unset.
  struct Value {
    var text: String
    var origin: Origin
  }

  func variable(_ name: String) -> Value? {
    guard let text = environment[name], !text.isEmpty else { return nil }
    return Value(text: text, origin: .variable(name))
  }

  func property(_ setting: Setting) -> Value? {
    guard let profile, let property = profile[setting] else { return nil }
    return Value(text: property.value, origin: profile.origin(of: property, setting))
  }

  /// The variable's value, else the profile's.
  func setting(_ setting: Setting) -> Value? {
    setting.variable.flatMap(variable) ?? property(setting)
  }

  func flag(_ setting: Setting) throws(PlanError) -> Bool {
    guard let value = self.setting(setting) else { return false }
    switch value.text.lowercased() {
    case "true": return true
    case "false": return false
    default: throw .invalidValue(value.text, of: value.origin)
    }
  }

  /// The region nearest the user.
  ///
  /// A variable that is equal to `DAYPASS_REGION` was set by `exec` or `export` from another profile: it is ours, and
  /// decides nothing.
  func region() throws(PlanError) -> Value? {
    let option = regionOption.map { Value(text: $0, origin: .option("--region")) }
    let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].compactMap(variable)
    let ours = variable("DAYPASS_REGION")?.text
    let chosen = option ?? variables.first { $0.text != ours }
    guard let value = chosen ?? property(.region) ?? defaultRegion else { return nil }
    guard value.text.isHostLabel else { throw .invalidValue(value.text, of: value.origin) }
    return value
  }

  private func useGlobalSTSEndpoint() throws(PlanError) -> Bool {
    guard let value = setting(.stsRegionalEndpoints) else { return false }
    switch value.text.lowercased() {
    case "legacy": return true
    case "regional": return false
    default: throw .invalidValue(value.text, of: value.origin)
    }
  }

  private func maxAttempts() throws(PlanError) -> Int {
    guard let value = setting(.maxAttempts) else { return Connection().maxAttempts }
    guard let number = Int(value.text), number >= 1 else { throw .invalidValue(value.text, of: value.origin) }
    return number
  }
}

// MARK: - Endpoint settings

/// Reads the endpoint URLs that replace AWS's own.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
private struct EndpointSettings {
  let profile: Profile?
  let profiles: ProfileSet
  let settings: ConnectionSettings

  /// Any variable beats any profile, even the general one a service's own URL in the profile.
  func endpoints() throws(PlanError) -> [Connection.Service: ConnectionSettings.Value] {
    guard try !settings.flag(.ignoreConfiguredEndpointURLs) else { return [:] }
    var endpoints: [Connection.Service: ConnectionSettings.Value] = [:]
    for service in Connection.Service.allCases {
      if let url = ofEnvironment(service) {
        endpoints[service] = url
      } else {
        endpoints[service] = try ofProfile(service)
      }
    }
    return endpoints
  }

  private func ofEnvironment(_ service: Connection.Service) -> ConnectionSettings.Value? {
    let specific = settings.variable("AWS_ENDPOINT_URL_" + service.rawValue.uppercased())
    return specific ?? settings.variable("AWS_ENDPOINT_URL")
  }

  private func ofProfile(_ service: Connection.Service) throws(PlanError) -> ConnectionSettings.Value? {
    if let reference = settings.property(.services) {
      guard let services = profiles.services(named: reference.text) else {
        throw .reference(.unknownServices(reference.text), from: reference.origin)
      }
      if let url = services.subProperty(Setting.endpointURL.rawValue, of: service.rawValue), !url.value.isEmpty {
        let section = "services \(reference.text)"
        return ConnectionSettings.Value(
          text: url.value, origin: .sectionProperty(.endpointURL, section: section, at: url.location))
      }
    }
    return settings.property(.endpointURL)
  }
}
