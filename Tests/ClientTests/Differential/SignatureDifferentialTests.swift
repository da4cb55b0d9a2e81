import HTTP
import Secrets
import SigV4
import TestSupport
import Testing

@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct SignatureDifferentialTests {
  @Test func `2000 random requests are signed as botocore signs them`() throws {
    var random = SeededGenerator(seed: 2026)
    let requests = (0..<2_000).map { _ in RandomRequest(&random) }
    let expected = try Python.answers(to: requests, from: "sign", as: Signed.self)
    try #require(expected.count == requests.count)
    let wrong = try zip(requests, expected).map { (ours: try Signed($0), botocores: $1) }.filter { $0 != $1 }
    #expect(wrong.isEmpty, "\(wrong.count) differ: \(wrong.prefix(3).map(difference))")
  }
}

private func difference(_ ours: Signed, _ botocores: Signed) -> String {
  let lines = [ours, botocores].map {
    $0.canonical.split(separator: "\n", omittingEmptySubsequences: false) + [$0.authorization[...]]
  }
  return zip(lines[0], lines[1]).first { $0 != $1 }.map { "\($0) and \($1)" } ?? "number of lines"
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
