import HTTP
import Secrets
import SigV4
import Testing

@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct SignatureDifferentialTests {
  @Test func `2000 random requests are signed as botocore signs them`() throws {
    var random = SeededGenerator(seed: 2026)
    let requests = (0..<2_000).map { _ in RandomRequest(&random) }
    let expected = try Python.answers(to: requests, from: "sign", as: Signed.self)
    try #require(expected.count == requests.count)
    let wrong = try zip(requests, expected).filter { request, signed in try Signed(request) != signed }
    #expect(wrong.isEmpty, "\(wrong.count) differ")
    if let (request, signed) = wrong.first { #expect(try Signed(request) == signed, "\(request)") }
  }
}

/// What a signer makes of a request.
private struct Signed: Decodable, Equatable {
  let canonical: String
  let authorization: String
}

extension Signed {
  init(_ random: RandomRequest) throws {
    let signer = random.signer
    let credentials = random.credentials
    let prepared = try signer.prepare(random.request, with: credentials)
    canonical = try CanonicalRequest(of: prepared, pathRule: signer.pathRule).bytes.revealed() ?? ""
    let signed = try signer.sign(random.request, with: credentials)
    authorization = signed.headers.filter { $0.name == "Authorization" }.map(\.value).joined(separator: "|")
  }
}
