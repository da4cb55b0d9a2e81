/// What a request asks for, told from the request alone, before anything in it is believed.
struct Operation: Sendable {
  let action: Action
  let parameters: Parameters

  var service: Service { action.service }

  init(_ request: WireRequest) throws(Refusal) {
    switch request.method {
    case "POST": try self.init(query: request)
    case "GET": try self.init(listing: request)
    default: throw .methodNotAllowed(request.method)
    }
  }

  private init(query request: WireRequest) throws(Refusal) {
    guard request.target == "/" else { throw .unknownOperation("the target is '\(request.target)', not '/'") }
    guard request["content-type"] == "application/x-www-form-urlencoded; charset=utf-8" else {
      throw .unknownOperation("Content-Type is '\(request["content-type"] ?? "")'")
    }
    parameters = try Parameters(form: String(decoding: request.body, as: UTF8.self))
    let (name, version) = (parameters["Action"] ?? "", parameters["Version"] ?? "")
    guard let action = Action(rawValue: name), action.service.version == version else {
      throw .invalidAction(name, version: version)
    }
    self.action = action
  }

  private init(listing request: WireRequest) throws(Refusal) {
    guard request.path == "/" else { throw .methodNotAllowed("GET \(request.path)") }
    guard request.body.isEmpty else { throw .validation("the body of a GET is not empty") }
    action = .listBuckets
    parameters = try Parameters(form: request.query)
  }
}
