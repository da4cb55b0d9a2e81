import AWSValues
import FoundationEssentials
import HTTP
import Secrets

@testable import AWSServices

/// Gives the input to each caller of AWS as the body of an answer.
///
/// The first byte chooses the call, the second the status; a line with the Date header follows, then the body.
enum AnswersTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let call = input.byte()
    let status = input.choice([200, 400, 403, 500, 503])
    let date = input.text()
    let body = input.remainder()
    if let document = try? SecretDocument(xml: SecretBytes(copying: body.span)) {
      try checkPlaces(in: document, root: 0)
    }
    if let document = try? SecretDocument(json: SecretBytes(copying: body.span)) { _ = document.secret(at: 0) }
    let client = AWSClient(
      connection: Connection(region: "eu-west-1", maxAttempts: 2),
      transport: FixedTransport(status: status, date: date, body: body),
      dependencies: ClientDependencies(now: { now }, random: { 1 }, pause: { _ in }))
    do throws(AWSError) { try make(call, with: client) } catch { try check(error) }
  }

  private static let now = Date(timeIntervalSince1970: 1_795_248_000)

  private static func make(_ call: UInt8, with client: AWSClient) throws(AWSError) {
    let key = Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: SecretBytes(copying: "made/up/secret"))
    switch call % 16 {
    case 0:
      let session = try STS(client).sessionToken(duration: SessionDuration(seconds: 900), signedBy: key)
      try check(session, at: Self.now)
    case 1: try assumeRole(with: client, key)
    case 2: try check(STS(client).callerIdentity(signedBy: key))
    case 5: _ = try S3(client).buckets(signedBy: key)
    case let other: try askIAM(other, with: client, key)
    }
  }

  private static func askIAM(
    _ call: UInt8, with client: AWSClient, _ key: borrowing Credentials
  ) throws(AWSError) {
    do { try IAMAnswers(IAM(client)).read(call, signedBy: key) } catch let error as AWSError {
      throw error
    } catch {
      throw broken("\(error)")
    }
  }

  private static func assumeRole(with client: AWSClient, _ key: borrowing Credentials) throws(AWSError) {
    guard let role = RoleARN("arn:aws:iam::123456789012:role/team/deploy"), let name = RoleSessionName("alice@host")
    else { return }
    let request = AssumeRoleRequest(role: role, sessionName: name, duration: SessionDuration(seconds: 900))
    let session = try STS(client).assumeRole(request, signedBy: key)
    try check(session, at: Self.now)
  }

  private static func check(_ session: consuming Credentials, at now: Date) throws(AWSError) {
    let isKeyID = session.accessKeyID.utf8.allSatisfy(\.isWordCharacter) && session.accessKeyID.utf8.count >= 16
    let secrets = session.secretAccessKey.bytes + (session.sessionToken.withValue { $0.bytes } ?? [0])
    let isVisible = secrets.allSatisfy { (0x21...0x7e).contains($0) }
    let left = session.timeLeft(at: now) ?? 0
    guard isKeyID, isVisible, left > 0, left < 140_000 else { throw broken("a session of \(left) s was taken") }
  }

  private static func check(_ identity: CallerIdentity) throws(AWSError) {
    guard identity.account.utf8.count == 12, identity.arn.contains(identity.account) else {
      throw broken("\(identity) was taken")
    }
  }

  /// What the terminal shows of an answer has no control characters in it.
  private static func check(_ error: AWSError) throws {
    switch error {
    case .malformed(let call, let rule) where call == brokenRule: throw Violation(rule)
    case .service(let refusal):
      let words = refusal.code + refusal.message + (refusal.requestID ?? "")
      let shown = Planted.bug(in: words, when: refusal.status != 403, "\u{1b}" + words)
      try demand(shown.unicodeScalars.allSatisfy(\.isDisplayable), "unsafe words: \(shown)")
      _ = refusal.meaning
    case .notAWS(let answer):
      try demand(answer.start.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "unsafe start: \(answer.start)")
    case .otherRole(_, let received):
      try demand(received.unicodeScalars.allSatisfy(\.isDisplayable), "unsafe role: \(received)")
    case .listTooLong: return
    case .malformed(_, let element):
      try demand(element.unicodeScalars.allSatisfy(\.isDisplayable), "unsafe name: \(element)")
    case .endpoint, .signing, .http, .libraryMissing: throw Violation("no answer at all: \(error)")
    }
  }

  private static let brokenRule = "fuzz"
  private static func broken(_ rule: String) -> AWSError { .malformed(call: brokenRule, element: rule) }

  /// The children of a place come one after another, and all have names.
  private static func checkPlaces(in document: borrowing SecretDocument, root: SecretDocument.Place) throws {
    var last = root
    for place in document.children(of: root) {
      try demand(place > last && !document.name(of: place).isEmpty, "place \(place) after \(last)")
      try demand(String(validating: document.secret(at: place).bytes, as: UTF8.self) != nil, "text is not UTF-8")
      try checkPlaces(in: document, root: place)
      last = place
    }
  }
}

/// Answers every request alike.
private struct FixedTransport: HTTPTransport {
  let status: Int
  let date: String
  let body: [UInt8]

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: ["date": date, "content-type": date, "x-amz-retry-after": date],
      body: SecretBytes(copying: body.span))
  }
}

// MARK: - IAM answers

/// The calls of IAM whose answers have something in them.
struct IAMAnswers {
  private let iam: IAM

  init(_ iam: IAM) {
    self.iam = iam
  }

  func read(_ call: UInt8, signedBy key: borrowing Credentials) throws {
    guard let user = UserName("eve"), let id = AccessKeyID("AKIAIOSFODNN7EXAMPLE") else {
      throw Violation("no names")
    }
    switch call {
    case 3: _ = try iam.user(signedBy: key)
    case 4: _ = try iam.mfaDevices(signedBy: key)
    case 6: try checkKey(signedBy: key)
    case 7: try checkDevice(signedBy: key)
    case 8: _ = try iam.accessKeys(signedBy: key)
    case 9: _ = try iam.lastUse(ofAccessKey: id, signedBy: key)
    case 10: _ = try iam.virtualMFADevices(signedBy: key)
    case 11: _ = try iam.users(signedBy: key)
    case 12: _ = try iam.roles(signedBy: key)
    case 13: _ = try iam.tags(ofUser: user, signedBy: key)
    default: _ = try iam.policies(ofUser: user, signedBy: key)
    }
  }

  private func checkKey(signedBy key: borrowing Credentials) throws {
    let new = try iam.createAccessKey(signedBy: key)
    let secret = new.credentials.secretAccessKey.bytes
    try demand(new.id.text == new.credentials.accessKeyID && !secret.isEmpty, "\(new.id) is no key")
    try demand(secret.allSatisfy { (0x21...0x7e).contains($0) }, "the secret is not of visible characters")
  }

  private func checkDevice(signedBy key: borrowing Credentials) throws {
    guard let name = MFADeviceName("eve") else { throw Violation("no name") }
    let new = try iam.createVirtualMFADevice(named: name, signedBy: key)
    let letters = new.seed.base32.bytes.filter { $0 != UInt8(ascii: "=") }
    try demand(letters.count >= 2 && letters.allSatisfy(\.isWordCharacter), "the seed is not base32")
  }
}
