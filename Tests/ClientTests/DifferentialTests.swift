import AWSServices
import Foundation
import HTTP
import Secrets
import SigV4
import TestSupport
import Testing

@Suite(.waiting, .enabled(if: Python.isInstalled, Python.isMissing))
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

// MARK: - Code differential tests

@Suite(.waiting, .enabled(if: Python.isInstalled, Python.isMissing))
struct CodeDifferentialTests {
  @Test func `10000 random seeds make the codes that Python makes of them`() throws {
    var random = SeededGenerator(seed: 6238)
    let cases = (0..<10_000).map { _ in RandomSeed(&random) }
    let expected = try Python.answers(to: cases, from: "totp", as: Code.self)
    try #require(expected.count == cases.count)
    let wrong = try zip(cases, expected).filter { try $0.code() != $1.code }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
    #expect(expected.contains { $0.code == nil } && expected.contains { $0.code?.hasPrefix("0") == true })
  }
}

private struct Code: Decodable {
  let code: String?
}

/// A seed, mostly base32, and a time.
private struct RandomSeed: Encodable {
  let seed: String
  let seconds: Int

  init(_ random: inout SeededGenerator) {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".map(String.init)
    let strange = random.isOne(in: 20) ? ["0", "1", "8", "9", "=", "-", " ", "a", "z", "é"] : []
    var text = random.text(1...80, of: letters + strange + strange)
    if random.isOne(in: 3) { text = text.lowercased() }
    if random.isOne(in: 3) { text += String(repeating: "=", count: (8 - text.utf8.count % 8) % 8) }
    seed = text
    seconds = random.number(0...(random.isOne(in: 2) ? 4_102_444_800 : 253_402_300_799))
  }

  func code() throws -> String? {
    guard let seed = MFASeed(base32: SecretBytes(copying: seed)) else { return nil }
    return try seed.code(of: TimeStep(at: Date(timeIntervalSince1970: TimeInterval(seconds)))).revealed()
  }
}

// MARK: - Timestamp differential tests

@Suite(.waiting, .enabled(if: Python.isInstalled, Python.isMissing))
struct TimestampDifferentialTests {
  @Test func `10000 moments are written and read as Python writes them`() throws {
    var random = SeededGenerator(seed: 10_000)
    let moments = (0..<10_000).map { _ in RandomMoment(&random) }
    let texts = try Python.answers(to: moments, from: "timestamps", "write", as: Texts.self)
    try #require(texts.count == moments.count)
    let wrong = zip(moments, texts).flatMap { $1.disagreements(with: $0) }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
  }

  @Test func `10000 dates and times exist, or not, as they do for Python`() throws {
    var random = SeededGenerator(seed: 29)
    let times = (0..<10_000).map { _ in RandomCivilTime(&random) }
    let seconds = try Python.answers(to: times, from: "timestamps", "read", as: Int?.self)
    try #require(seconds.count == times.count)
    let wrong = zip(times, seconds).filter { Date(timestamp: $0.text).map { Int($0.timeIntervalSince1970) } != $1 }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
    #expect(seconds.contains(nil) && seconds.contains { $0 != nil })
  }
}

/// One moment as Python writes it.
private struct Texts: Decodable {
  let seconds: String
  let microseconds: String
  let compact: String
  let http: String
  let zoned: String?

  func disagreements(with moment: RandomMoment) -> [String] {
    let whole = Date(timeIntervalSince1970: TimeInterval(moment.seconds))
    let exact = Date(timeIntervalSince1970: TimeInterval(moment.seconds) + TimeInterval(moment.fraction64) / 64)
    let readings: [(text: String?, read: Date?, expected: Date)] = [
      (seconds, Date(timestamp: seconds), whole), (microseconds, Date(timestamp: microseconds), exact),
      (compact, Date(timestamp: compact), whole), (http, Date(httpDate: http), whole),
      (http, Date(timestamp: http), whole), (zoned, zoned.flatMap(Date.init(timestamp:)), exact),
      (String(moment.seconds), moment.seconds < 0 ? whole : Date(timestamp: String(moment.seconds)), whole),
    ]
    let misread = readings.filter { $0.text != nil && $0.read != $0.expected }.map { "\($0)" }
    return misread + (exact.rfc3339 == seconds ? [] : ["\(exact.rfc3339) for \(seconds)"])
  }
}

// MARK: - Random request

/// A made-up request, in the form in which sign.py reads it.
struct RandomRequest: Encodable {
  struct Header: Encodable {
    let name: String
    let value: String
  }

  let service: String
  let region: String
  let keyID: String
  let secret: String
  let token: String?
  let time: Date
  let method: String
  let place: URLText
  let headers: [Header]
  let bytes: [UInt8]

  init(_ random: inout SeededGenerator) {
    service = random.isOne(in: 2) ? "s3" : ["sts", "iam", "sso"].randomElement(using: &random) ?? "sts"
    region = ["us-east-1", "eu-west-1", "cn-north-1", "us-isob-east-1"].randomElement(using: &random) ?? ""
    keyID = "AKIA" + random.text(16...16, of: Self.letters.map { $0.uppercased() })
    secret = random.text(1...60, of: Self.letters + ["/", "+", "="])
    let token = random.isOne(in: 2) ? random.text(1...400, of: Self.letters + ["/", "+", "="]) : nil
    self.token = token
    time = Date(timeIntervalSince1970: TimeInterval(random.number(0...4_102_444_800)))
    method = random.isOne(in: 2) ? "GET" : "POST"
    place = random.place(for: service)
    headers = (0..<random.number(0...6)).map { _ in random.header(hasToken: token != nil) }
    let size = random.number(0...300)
    bytes = random.isOne(in: 3) ? [] : (0..<size).map { _ in UInt8(random.number(0...255)) }
  }

  static let letters =
    (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) } + (0...9).map(String.init)

  var signer: Signer {
    Signer(region: region, service: service, pathRule: service == "s3" ? .asIs : .normalized, date: time)
  }

  var request: HTTPRequest {
    var body = SecretBytes()
    for byte in bytes { body.append(byte) }
    return HTTPRequest(
      method: HTTPRequest.Method(rawValue: method) ?? .get, url: place,
      headers: headers.map { HTTPRequest.Header($0.name, $0.value) }, body: body)
  }

  var credentials: Credentials {
    Credentials(
      accessKeyID: keyID, secretAccessKey: SecretBytes(copying: secret),
      sessionToken: token.map { SecretBytes(copying: $0) })
  }

  private enum CodingKeys: String, CodingKey {
    case service, region, keyID, secret, token, timestamp, method, url, headers, body
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(service, forKey: .service)
    try fields.encode(region, forKey: .region)
    try fields.encode(keyID, forKey: .keyID)
    try fields.encode(secret, forKey: .secret)
    try fields.encodeIfPresent(token, forKey: .token)
    try fields.encode(signer.scope.timestamp, forKey: .timestamp)
    try fields.encode(method, forKey: .method)
    try fields.encode(place.text, forKey: .url)
    try fields.encode(headers, forKey: .headers)
    try fields.encode(Data(bytes).base64EncodedString(), forKey: .body)
  }
}

// MARK: - Random moment

/// A moment between the years 1 and 9999, in the form in which timestamps.py reads it.
struct RandomMoment: Encodable {
  let seconds: Int
  /// 64ths of a second, which a `Date` holds exactly.
  let fraction64: Int
  let zoneMinutes: Int

  init(_ random: inout SeededGenerator) {
    // Half of them where sessions live, half anywhere.
    let range = random.isOne(in: 2) ? 0...4_102_444_800 : -62_135_596_800...253_402_300_799
    (seconds, fraction64) = (random.number(range), random.isOne(in: 4) ? 0 : random.number(0...63))
    zoneMinutes = random.number(-1_439...1_439)
  }
}

/// A date and time of day that need not exist.
struct RandomCivilTime: Encodable {
  let year, month, day, hour, minute, second: Int

  init(_ random: inout SeededGenerator) {
    year = random.isOne(in: 2) ? random.number(1_900...2_100) : random.number(0...9_999)
    month = random.isOne(in: 3) ? 2 : random.number(0...13)
    day = random.isOne(in: 2) ? random.number(27...32) : random.number(0...32)
    (hour, minute) = (random.number(0...24), random.number(0...60))
    // Not 60: leap seconds are times to AWS and to us, and not to Python.
    second = random.isOne(in: 20) ? random.number(61...99) : random.number(0...59)
  }

  var text: String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))Z"
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    String(String(number + 10_000).suffix(width))
  }
}

// MARK: - Requests

// Left out, because botocore and daypass differ there on purpose:
// - Paths for S3, and queries, in other spellings than SigV4's own (`%7e`, `a%2fb`, `'`, a name without `=`): S3 decodes
//   and encodes what it gets, and so do we; botocore signs its own spelling only, which is the only one it sends.
// - `%2F` in a path for S3: to S3 it is the `/` of a key and is signed as one; botocore, which sends `/`, would sign it as
//   it stands.
// - Header values with white space beyond ASCII: `str.split()` takes U+0085 or U+00A0 for a blank, AWS does not.
// - Host and Proxy-Connection: the transport makes the first and refuses both.
// - X-Amz-Security-Token with a long-term key: botocore leaves it in, we take it out.
// - Date: with it botocore leaves X-Amz-Date out, which we always send.
// - X-Amz-Content-Sha256 to other services than S3: botocore believes it, we hash the body.
extension SeededGenerator {
  mutating func place(for service: String) -> URLText {
    let scheme = isOne(in: 4) ? URLText.Scheme.http : .https
    let hosts = ["sts.amazonaws.com", "s3.eu-west-1.amazonaws.com", "127.0.0.1", "[::1]", "EXAMPLE.com"]
    return URLText(
      scheme: scheme, host: hosts.randomElement(using: &self) ?? "", port: isOne(in: 2) ? number(1...65_535) : nil,
      path: "/" + text(0...12, of: service == "s3" ? Self.keyParts : Self.anyPath), query: query())
  }

  mutating func header(hasToken: Bool) -> RandomRequest.Header {
    let name = (hasToken ? Self.names + ["X-Amz-Security-Token"] : Self.names).randomElement(using: &self) ?? "X-One"
    return RandomRequest.Header(name: name, value: text(0...20, of: Self.valueParts))
  }

  private mutating func query() -> String {
    (0..<number(0...5)).map { _ in text(1...6, of: Self.encoded) + "=" + text(0...8, of: Self.encoded) }
      .joined(separator: "&")
  }

  /// As SigV4 spells it: nothing left to encode, nothing encoded that need not be.
  private static let encoded =
    RandomRequest.letters + ["-", ".", "_", "~", "A", "Z", "%20", "%2F", "%3D", "%26", "%25", "%2B", "%C3%A9", "%00"]

  private static let keyParts = encoded.filter { $0 != "%2F" } + ["/", "//", "/../", "/./"]

  private static let anyPath =
    encoded + [
      "/", "/", "//", "/./", "/../", "/..", "/.", "%2e", "%7e", "+", "=", "@", ":", "!", "$", "'", "(", ")", "*", ",",
      ";", "&",
    ]

  private static let names = [
    "Content-Type", "X-Amz-Meta-One", "x-amz-meta-one", "X-AMZ-META-TWO", "X-Amz-Date",
    "Authorization", "User-Agent", "X-Amzn-Trace-Id", "Expect", "TE", "Trailer", "Upgrade", "Keep-Alive", "Connection",
    "Transfer-Encoding", "Proxy-Authorization", "Proxy-Authenticate", "Range", "Content-MD5", "Accept", "a", "Z-9_!~",
  ]

  private static let valueParts =
    RandomRequest.letters + [" ", " ", "  ", "\t", "\t ", ",", ";", "=", "\"", "\\", "é", "日", "%20", "/", ":", "A"]
}
