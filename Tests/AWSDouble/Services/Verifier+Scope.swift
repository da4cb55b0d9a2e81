extension Verifier {
  func checkScope(_ scope: CredentialScope, of request: WireRequest, for service: Service) throws(Refusal) {
    guard scope.service == service.rawValue else {
      throw .badScope("Credential should be scoped to correct service: '\(service)'. ", for: service)
    }
    guard isRight(scope, for: service) else {
      throw .badScope("Credential should be scoped to a valid region, not '\(scope.region)'. ", for: service)
    }
    let date = request["x-amz-date"] ?? ""
    guard date.hasPrefix(scope.date + "T") else {
      let start = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
      throw .badScope(start + "'\(scope.date)' != '\(date.prefix(8))', from '\(date)'.", for: service)
    }
    try checkHost(of: request, for: service)
    if service == .sts && account.disabledRegions.contains(scope.region) {
      throw .regionDisabled(scope.region, account: account.id)
    }
  }

  /// A host that names a service, as through a proxy, must name the one that is called.
  private func checkHost(of request: WireRequest, for service: Service) throws(Refusal) {
    let first = request["host"]?.prefix { $0 != "." && $0 != ":" }
    let named = Service.allCases.first { $0.rawValue == first ?? "" }
    guard named ?? service == service else {
      throw .badScope("Credential should be scoped to correct service: '\(named ?? service)'. ", for: service)
    }
  }

  /// IAM is global and signed with its partition's own region.
  private func isRight(_ scope: CredentialScope, for service: Service) -> Bool {
    switch service {
    case .sts, .s3: scope.isRegionValid
    case .iam:
      scope.region == (["aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"][account.partition] ?? "us-east-1")
    }
  }
}
