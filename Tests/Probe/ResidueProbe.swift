import Delivery
import HTTP
import Secrets

/// Secrets that libcurl has had.
enum ResidueProbe {
  /// Says how often what was sent as a header and a body, and what came as one, is in our memory when nobody holds it any
  /// more.
  static func report(port: Int?) throws {
    var search = MemorySearch()
    try exchange(with: port, &search)
    let left = (search.count(0), search.count(1))
    try Output.standard.write("left=\(left)\n")
  }

  private static func exchange(with port: Int?, _ search: inout MemorySearch) throws {
    var token = SecretBytes()
    for _ in 0..<600 { token.append(UInt8.random(in: UInt8(ascii: "A")...UInt8(ascii: "Z"))) }
    // free(3) writes over the first bytes of what it is given.
    search.add(token, 100..<500)
    let response = try CurlTransport(userAgent: "daypass/test").send(
      HTTPRequest(
        method: .post, url: URLText(scheme: .http, host: "127.0.0.1", port: port),
        secretHeader: HTTPRequest.SecretHeader("X-Token", token.clone()), body: token.clone()))
    search.add(response.body, 100..<500)
    for index in 0..<2 where search.count(index) == 0 { throw ProbeError.searchFindsNothing }
  }
}
