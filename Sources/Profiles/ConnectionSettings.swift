package import AWSValues

/// Reads how to reach AWS from the command line, the environment and the profile that was asked for. The profiles it
/// refers to do not count.
package struct ConnectionSettings {
  private let profile: Profile?
  private let profiles: ProfileSet
  private let environment: [String: String]
  private let regionOption: String?
  /// For a profile without a region.
  var defaultRegion: SettingValue?

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
    Connection(
      region: try region()?.text, endpoints: try endpoints().mapValues(\.text),
      useFIPS: try flag(.useFIPSEndpoint), useDualStack: try flag(.useDualStackEndpoint),
      useGlobalSTSEndpoint: try flag(.stsRegionalEndpoints, yes: "legacy", no: "regional"),
      caBundle: value(of: .caBundle)?.text, maxAttempts: try maxAttempts())
  }

  /// Adds where the connection was read.
  func addOrigins(to plan: inout CredentialPlan) throws(PlanError) {
    plan.endpointOrigins = try endpoints().mapValues(\.origin)
    if !plan.endpointOrigins.isEmpty { plan.origins.add(.services, profile?.value(of: .services)?.origin) }
    for setting in Self.settings { plan.origins.add(setting, value(of: setting)?.origin) }
  }

  /// All but region and endpoints.
  static let settings: [Setting] = [
    .ignoreConfiguredEndpointURLs, .useFIPSEndpoint, .useDualStackEndpoint, .stsRegionalEndpoints, .caBundle,
    .maxAttempts,
  ]

  /// The variable's value, else the profile's.
  private func value(of setting: Setting) -> SettingValue? {
    SettingValue(variableBefore: setting, in: environment) ?? profile?.value(of: setting)
  }

  private func variable(_ name: String) -> SettingValue? { SettingValue(variable: name, in: environment) }

  /// The region nearest the user.
  ///
  /// A variable that is equal to `DAYPASS_REGION` was set by `exec` or `export` from another profile: it is ours, and
  /// decides nothing.
  func region() throws(PlanError) -> SettingValue? {
    let option = regionOption.map { SettingValue(text: $0, origin: .option("--region")) }
    let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].compactMap(variable)
    let ours = variable("DAYPASS_REGION")?.text
    let chosen = option ?? variables.first { $0.text != ours }
    guard let value = chosen ?? profile?.value(of: .region) ?? defaultRegion else { return nil }
    try value.require(\.isHostLabel)
    return value
  }

  private func flag(_ setting: Setting, yes: String = "true", no: String = "false") throws(PlanError) -> Bool {
    try value(of: setting)?.parsed { [yes: true, no: false][$0.lowercased()] } ?? false
  }

  private func maxAttempts() throws(PlanError) -> Int {
    guard let value = value(of: .maxAttempts) else { return Connection().maxAttempts }
    return try value.positiveNumber()
  }
}

// MARK: - Endpoints

/// The endpoint URLs that replace AWS's own.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
extension ConnectionSettings {
  /// Any variable beats any profile, even the general one a service's own URL in the profile.
  private func endpoints() throws(PlanError) -> [Connection.Service: SettingValue] {
    guard try !flag(.ignoreConfiguredEndpointURLs) else { return [:] }
    var endpoints: [Connection.Service: SettingValue] = [:]
    for service in Connection.Service.allCases {
      let specific = variable("AWS_ENDPOINT_URL_" + service.rawValue.uppercased())
      if let url = specific ?? variable("AWS_ENDPOINT_URL") {
        endpoints[service] = url
      } else {
        endpoints[service] = try endpointOfProfile(service)
      }
    }
    return endpoints
  }

  private func endpointOfProfile(_ service: Connection.Service) throws(PlanError) -> SettingValue? {
    if let reference = profile?.value(of: .services) {
      guard let services = profiles.services(named: reference.text) else {
        throw .reference(.unknownServices(reference.text), from: reference.origin)
      }
      if let url = services.subProperty(Setting.endpointURL.rawValue, of: service.rawValue), !url.value.isEmpty {
        let section = "services \(reference.text)"
        return SettingValue(
          text: url.value, origin: .sectionProperty(.endpointURL, section: section, at: url.location))
      }
    }
    return profile?.value(of: .endpointURL)
  }
}
