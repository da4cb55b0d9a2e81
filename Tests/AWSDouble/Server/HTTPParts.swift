import NIOHTTP1

extension WireRequest {
  init(_ head: HTTPRequestHead, _ body: [UInt8]) {
    self.init(
      method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body)
  }
}

extension HTTPResponseHead {
  init(_ response: WireResponse) {
    var headers = HTTPHeaders(response.headers)
    headers.add(name: "Content-Length", value: String(response.body.count))
    self.init(version: .http1_1, status: .init(statusCode: response.status), headers: headers)
  }
}
