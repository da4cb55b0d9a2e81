import Foundation
import HTTP
import Secrets
import SigV4
import TestSupport

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
