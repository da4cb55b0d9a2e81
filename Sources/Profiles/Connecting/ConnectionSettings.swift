package import AWSValues

/// Reads how AWS is to be reached from the command line, the environment and the profile that was asked for: the
/// profiles it refers to have no say.
package struct ConnectionSettings {
  private let profile: Profile?
  private let profiles: ProfileSet
  private let environment: [String: String]
  private let regionOption: String?

  /// - Parameters:
  ///   - profile: nil where there is none yet, as when its key is being added.
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
      region: try region(), endpoints: try endpoints.endpoints(),
      useFIPS: try flag("AWS_USE_FIPS_ENDPOINT", .useFIPSEndpoint),
      useDualStack: try flag("AWS_USE_DUALSTACK_ENDPOINT", .useDualStackEndpoint),
      useGlobalSTSEndpoint: try useGlobalSTSEndpoint(),
      caBundle: setting("AWS_CA_BUNDLE", .caBundle)?.text, maxAttempts: try maxAttempts())
  }

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
  func setting(_ name: String, _ setting: Setting) -> Value? { variable(name) ?? property(setting) }

  func flag(_ name: String, _ setting: Setting) throws(PlanError) -> Bool {
    guard let value = self.setting(name, setting) else { return false }
    switch value.text.lowercased() {
    case "true": return true
    case "false": return false
    default: throw .invalidValue(value.text, of: value.origin)
    }
  }

  private func region() throws(PlanError) -> String? {
    let option = regionOption.map { Value(text: $0, origin: .option("--region")) }
    guard let value = option ?? variable("AWS_REGION") ?? setting("AWS_DEFAULT_REGION", .region) else { return nil }
    guard value.text.isHostLabel else { throw .invalidValue(value.text, of: value.origin) }
    return value.text
  }

  private func useGlobalSTSEndpoint() throws(PlanError) -> Bool {
    guard let value = setting("AWS_STS_REGIONAL_ENDPOINTS", .stsRegionalEndpoints) else { return false }
    switch value.text.lowercased() {
    case "legacy": return true
    case "regional": return false
    default: throw .invalidValue(value.text, of: value.origin)
    }
  }

  private func maxAttempts() throws(PlanError) -> Int {
    guard let value = setting("AWS_MAX_ATTEMPTS", .maxAttempts) else { return Connection().maxAttempts }
    guard let number = Int(value.text), number >= 1 else { throw .invalidValue(value.text, of: value.origin) }
    return number
  }
}
