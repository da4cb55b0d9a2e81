import Foundation
import HTTP
import Hashing
import Secrets
import SigV4
import TestSupport
import Testing

@Suite(.enabled(if: AWSSuiteCase.suite.isPresent, "the suite sigv4/aws-c-auth is not beside the checkout"))
struct AWSSuiteTests {
  @Test func `all 38 cases are there`() {
    #expect(AWSSuiteCase.suite.names.count == 38)
  }

  @Test(arguments: AWSSuiteCase.suite.names)
  func `each stage is what AWS's suite says`(name: String) throws {
    let test = try AWSSuiteCase(name)
    let prepared = try test.signer.prepare(test.request(), with: test.credentials())
    let canonical = try CanonicalRequest(of: prepared, pathRule: test.signer.pathRule)
    let canonicalText = canonical.bytes.revealed()
    #expect(try canonicalText == test.text("header-canonical-request"))
    #expect(try test.signer.stringToSign(canonical) == test.text("header-string-to-sign"))
    let signed = try test.signer.sign(test.request(), with: test.credentials())
    let authorization = signed.headers.last?.value ?? ""
    #expect(try authorization.hasSuffix("Signature=" + test.text("header-signature")))
    #expect(try test.text("header-signed-request").contains("Authorization:\(authorization)\n"))
  }
}

// MARK: - AWS suite case

/// A case of AWS's own suite (aws-c-auth, v4).
struct AWSSuiteCase {
  static let suite = ExternalSuite("sigv4/aws-c-auth/v4")
  let name: String
  let context: Context

  init(_ name: String) throws {
    self.name = name
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    context = try decoder.decode(Context.self, from: Data(Self.suite.text("\(name)/context.json").utf8))
  }

  func text(_ stage: String) throws -> String { try Self.suite.text("\(name)/\(stage).txt") }

  var signer: Signer {
    Signer(
      region: context.region, service: context.service, pathRule: context.normalize ? .normalized : .asIs,
      date: context.timestamp)
  }

  /// Without the token if the suite adds it after signing, which is no form that we use.
  func credentials() -> Credentials {
    let token = context.omitSessionToken == true ? nil : context.credentials.token
    return Credentials(
      accessKeyID: context.credentials.accessKeyId,
      secretAccessKey: SecretBytes(copying: context.credentials.secretAccessKey),
      sessionToken: token.map { SecretBytes(copying: $0) })
  }

  func request() throws -> HTTPRequest {
    var request = try #require(RawRequest(text("request"))).request()
    guard context.signBody else { return request }
    let digest = Digest.hex(try Digest.sha256(of: request.body))
    request.headers.append(HTTPRequest.Header("x-amz-content-sha256", digest))
    return request
  }

  struct Context: Decodable {
    let credentials: Keys
    let normalize: Bool
    let region: String
    let service: String
    let signBody: Bool
    let timestamp: Date
    let omitSessionToken: Bool?
  }

  struct Keys: Decodable {
    let accessKeyId: String
    let secretAccessKey: String
    let token: String?
  }
}

// MARK: - Raw request

/// A request as the suite writes it: `GET /path?query HTTP/1.1`, headers that may be folded, a blank line, a body.
struct RawRequest {
  let method: HTTPRequest.Method
  let target: String
  private(set) var headers: [HTTPRequest.Header] = []
  let body: String

  init?(_ text: String) {
    let head = text.prefix(upTo: text.firstRange(of: "\n\n")?.lowerBound ?? text.endIndex)
    let lines = head.split(separator: "\n")
    guard let start = lines.first, let methodEnd = start.firstIndex(of: " "), let targetEnd = start.lastIndex(of: " "),
      let method = HTTPRequest.Method(rawValue: String(start[..<methodEnd]))
    else { return nil }
    self.method = method
    target = String(start[start.index(after: methodEnd)..<targetEnd])
    body = String(text.dropFirst(head.count + 2))
    for line in lines.dropFirst() { addHeaderLine(String(line)) }
  }

  private mutating func addHeaderLine(_ line: String) {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if line.hasPrefix(" "), let folded = headers.popLast() {
      headers.append(HTTPRequest.Header(folded.name, folded.value + "\n" + line))
    } else {
      headers.append(HTTPRequest.Header(parts[0], parts[1]))
    }
  }

  var host: String? { headers.first { $0.name.lowercased() == "host" }?.value }

  func request() throws -> HTTPRequest {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let url = URLText(
      scheme: .https, host: try #require(host), path: parts[0], query: parts.count > 1 ? parts[1] : "")
    return HTTPRequest(method: method, url: url, headers: headers, body: SecretBytes(copying: body))
  }
}
