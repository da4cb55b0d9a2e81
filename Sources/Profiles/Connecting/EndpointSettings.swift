internal import AWSValues

/// Reads the endpoint URLs that replace AWS's own.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
struct EndpointSettings {
  let profile: Profile?
  let profiles: ProfileSet
  let settings: ConnectionSettings

  /// Any variable beats any profile, even the general one a service's own URL in the profile.
  func endpoints() throws(PlanError) -> [Connection.Service: String] {
    let variable = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    guard try !settings.flag(variable, .ignoreConfiguredEndpointURLs) else { return [:] }
    var endpoints: [Connection.Service: String] = [:]
    for service in Connection.Service.allCases {
      if let url = ofEnvironment(service) {
        endpoints[service] = url
      } else {
        endpoints[service] = try ofProfile(service)
      }
    }
    return endpoints
  }

  private func ofEnvironment(_ service: Connection.Service) -> String? {
    let specific = settings.variable("AWS_ENDPOINT_URL_" + service.rawValue.uppercased())
    return (specific ?? settings.variable("AWS_ENDPOINT_URL"))?.text
  }

  private func ofProfile(_ service: Connection.Service) throws(PlanError) -> String? {
    if let reference = settings.property(.services) {
      guard let services = profiles.services(named: reference.text) else {
        throw .unknownServices(reference.text, from: reference.origin)
      }
      let url = services.subProperty(Setting.endpointURL.rawValue, of: service.rawValue)?.value
      if let url, !url.isEmpty { return url }
    }
    return settings.property(.endpointURL)?.text
  }
}
