extension Service {
  /// The service a request is for, also where it is not understood: by its operation, its credential scope, its method.
  init(of request: WireRequest, _ operation: Result<Operation, Refusal>) {
    if case .success(let operation) = operation {
      self = operation.service
      return
    }
    let scope = request["authorization"].flatMap { Authorization($0) }?.scope.service
    self = Service(rawValue: scope ?? "") ?? (request.method == "POST" ? .sts : .s3)
  }
}
