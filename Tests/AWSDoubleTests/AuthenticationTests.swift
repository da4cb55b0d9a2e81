import AWSDouble
import Foundation
import Testing

struct AuthenticationTests {
  @Test(arguments: AuthenticationCase.all)
  func `what is wrong with a signature gets its own refusal`(wrong: AuthenticationCase) throws {
    let fixture = try Fixture()
    var sts = SignedCall("GetCallerIdentity", at: Fixture.noon)
    var s3 = SignedCall(listBuckets: "", at: Fixture.noon)
    s3.key = .bob
    wrong.call(&sts)
    wrong.call(&s3)
    #expect(fixture.send(sts, wrong.request)?["Code"] == wrong.sts)
    #expect(fixture.send(s3, wrong.request)?["Code"] == wrong.s3)
  }

  @Test(arguments: [-300.0, 0, 300])
  func `a clock that is five minutes off is good enough`(offset: Double) throws {
    let fixture = try Fixture()
    #expect(fixture.send(SignedCall("GetCallerIdentity", at: Fixture.noon + offset))?.status == 200)
  }

  @Test func `an error of clock skew has the times in its text`() throws {
    let fixture = try Fixture()
    let late = fixture.send(SignedCall("GetCallerIdentity", at: Fixture.noon - 3600))?["Message"]
    #expect(
      late
        == "Signature expired: 20300101T110000Z is now earlier than 20300101T115500Z (20300101T120000Z - 5 min.)")
    let early = fixture.send(SignedCall("GetCallerIdentity", at: Fixture.noon + 3600))?["Message"]
    #expect(
      early
        == "Signature not yet current: 20300101T130000Z is still later than 20300101T120500Z (20300101T120000Z + 5 min.)"
    )
  }

  @Test func `an inactive key is like one nobody has`() throws {
    let fixture = try Fixture { $0.users[0].keys[0].isActive = false }
    #expect(fixture.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
    #expect(fixture.listBuckets(as: .alice)?["Code"] == "InvalidAccessKeyId")
  }

  @Test func `iam is signed for its own region whatever the caller's is`() throws {
    let fixture = try Fixture()
    var call = SignedCall("GetUser", iam: true, at: Fixture.noon)
    #expect(fixture.send(call)?.status == 200)
    call.region = "eu-west-1"
    #expect(fixture.send(call)?["Code"] == "SignatureDoesNotMatch")
  }

  @Test func `a region where sts is switched off says so`() throws {
    let fixture = try Fixture { $0.disabledRegions = ["eu-south-1"] }
    var call = SignedCall("GetCallerIdentity", at: Fixture.noon)
    call.region = "eu-south-1"
    #expect(fixture.send(call)?["Code"] == "RegionDisabledException")
  }
}

// MARK: - Authentication case

/// Something wrong with how a request is signed, and the code it must get from STS and from S3.
struct AuthenticationCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let sts: String
  let s3: String
  /// Before signing: the signature covers it.
  var call: @Sendable (inout SignedCall) -> Void = { _ in }
  /// After signing.
  var request: @Sendable (inout WireRequest) -> Void = { _ in }

  init(
    _ name: String, sts: String, s3: String, call: @escaping @Sendable (inout SignedCall) -> Void = { _ in },
    request: @escaping @Sendable (inout WireRequest) -> Void = { _ in }
  ) {
    (testDescription, self.sts, self.s3, self.call, self.request) = (name, sts, s3, call, request)
  }
}

extension WireRequest {
  mutating func set(_ name: String, _ change: (String) -> String?) {
    headers = headers.compactMap { header in
      guard header.name == name else { return header }
      return change(header.value).map { (name, $0) }
    }
  }
}

// MARK: - All

extension AuthenticationCase {
  static let all = credentials + headers + scopes + clocks

  private static let credentials = [
    AuthenticationCase("wrong secret", sts: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch") {
      $0.key.secret += "x"
    },
    AuthenticationCase("unknown key", sts: "InvalidClientTokenId", s3: "InvalidAccessKeyId") { $0.key.id += "X" },
    AuthenticationCase("a token with a long-term key", sts: "InvalidClientTokenId", s3: "InvalidToken") {
      $0.key.token = "made-up"
    },
    AuthenticationCase(
      "signature changed", sts: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch",
      request: {
        $0.set("authorization") { String($0.dropLast()) + ($0.hasSuffix("0") ? "1" : "0") }
      }),
  ]

  private static let headers = [
    AuthenticationCase(
      "not signed", sts: "MissingAuthenticationToken", s3: "MissingAuthenticationToken",
      request: {
        $0.set("authorization") { _ in nil }
      }),
    AuthenticationCase(
      "another algorithm", sts: "IncompleteSignature", s3: "AuthorizationHeaderMalformed",
      request: {
        $0.set("authorization") { $0.replacing("AWS4-HMAC-SHA256", with: "AWS4-ECDSA-P256-SHA256") }
      }),
    AuthenticationCase(
      "a part missing", sts: "IncompleteSignature", s3: "AuthorizationHeaderMalformed",
      request: {
        $0.set("authorization") { $0.replacing("Signature=", with: "Sig=") }
      }),
    AuthenticationCase(
      "no date", sts: "IncompleteSignature", s3: "AuthorizationHeaderMalformed",
      request: {
        $0.set("x-amz-date") { _ in nil }
      }),
    AuthenticationCase("host not signed", sts: "SignatureDoesNotMatch", s3: "AccessDenied") { $0.unsigned = ["host"] },
    AuthenticationCase("date not signed", sts: "SignatureDoesNotMatch", s3: "AccessDenied") {
      $0.unsigned = ["x-amz-date"]
    },
    AuthenticationCase(
      "host changed", sts: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch",
      request: {
        $0.set("host") { "localhost:" + $0.split(separator: ":")[1] }
      }),
    AuthenticationCase(
      "a header nobody signed", sts: "SignatureDoesNotMatch", s3: "AccessDenied",
      request: {
        $0.headers.append(("x-amz-extra", "1"))
      }),
  ]

  private static let scopes = [
    AuthenticationCase("another service", sts: "SignatureDoesNotMatch", s3: "AuthorizationHeaderMalformed") {
      $0.service = "ec2"
    },
    AuthenticationCase("no region", sts: "SignatureDoesNotMatch", s3: "AuthorizationHeaderMalformed") {
      $0.region = "nowhere"
    },
    AuthenticationCase("scope of another day", sts: "SignatureDoesNotMatch", s3: "AuthorizationHeaderMalformed") {
      $0.scopeDate = "20300102"
    },
  ]

  private static let clocks = [
    AuthenticationCase("5 min 1 s late", sts: "SignatureDoesNotMatch", s3: "RequestTimeTooSkewed") { $0.time -= 301 },
    AuthenticationCase("5 min 1 s early", sts: "SignatureDoesNotMatch", s3: "RequestTimeTooSkewed") { $0.time += 301 },
  ]
}

// MARK: - Request form tests

struct RequestFormTests {
  @Test(arguments: [
    ("application/x-www-form-urlencoded", nil), ("text/plain", "UnknownOperationException"),
  ])
  func `a query call is a form, with a charset or without`(type: String, code: String?) throws {
    let fixture = try Fixture()
    var call = SignedCall("GetCallerIdentity", at: Fixture.noon)
    call.headers["content-type"] = type
    #expect(fixture.send(call)?["Code"] == code)
  }

  @Test(arguments: [
    ("Action=GetCallerIdentity&Version=2010-05-08", "InvalidAction"),
    ("Action=DeleteEverything&Version=2011-06-15", "InvalidAction"),
    ("Action=GetCallerIdentity&Version=2011-06-15&Colour=red", "ValidationError"),
    ("Action=GetCallerIdentity&Version=2011-06-15&Version=2011-06-15", "MalformedQueryString"),
    ("Action=GetCallerIdentity&Version=2011-06-15&x=%zz", "MalformedQueryString"),
  ])
  func `a form that AWS would not read is refused`(body: String, code: String) throws {
    let fixture = try Fixture()
    var call = SignedCall("GetCallerIdentity", at: Fixture.noon)
    call.body = body
    #expect(fixture.send(call)?["Code"] == code)
  }

  @Test func `a body that is not the signed one is refused`() throws {
    let fixture = try Fixture()
    let answer = fixture.send(SignedCall("GetSessionToken", at: Fixture.noon)) {
      $0.body += Array("&DurationSeconds=900".utf8)
    }
    #expect(answer?["Code"] == "SignatureDoesNotMatch")
  }

  @Test func `s3 wants the hash of the payload, and the right one`() throws {
    let fixture = try Fixture()
    var call = SignedCall(listBuckets: "", at: Fixture.noon)
    call.key = .bob
    call.headers["x-amz-content-sha256"] = String(repeating: "0", count: 64)
    #expect(fixture.send(call)?["Code"] == "XAmzContentSHA256Mismatch")
    call.headers["x-amz-content-sha256"] = nil
    #expect(fixture.send(call)?["Code"] == "InvalidRequest")
  }

  @Test func `a path below the root is not there`() throws {
    let fixture = try Fixture()
    #expect(fixture.send(SignedCall(listBuckets: "", at: Fixture.noon)) { $0.target = "/bucket" }?.status == 405)
    #expect(fixture.send(SignedCall("GetCallerIdentity", at: Fixture.noon)) { $0.target = "/x" }?.status == 404)
  }
}
