import Foundation
import Glibc
import TestSupport
import Testing

@testable import Server

/// Which requests get credentials; the numbers in brackets are those of the catalogue of attacks.
@Suite(.waiting)
struct RequestTests {
  private let server: RunningServer

  init() throws { server = try RunningServer() }

  @Test func `a client with the token gets the credentials, and no copy of them is kept on the way`() throws {
    let answer = server.get()
    #expect(answer.status == "HTTP/1.1 200 OK")
    #expect(
      answer.headers == [
        "Cache-Control: no-store", "Connection: close", "Content-Length: \(answer.body.utf8.count)",
        "Content-Type: application/json",
      ])
    #expect(
      try JSONDecoder().decode([String: String].self, from: Data(answer.body.utf8)) == [
        "Code": "Success", "AccessKeyId": "ASIAFIRSTEXAMPLE", "SecretAccessKey": "secret+/=",
        "Token": "session token/", "Expiration": "2030-03-17T18:46:40Z", "AccountId": "123456789012",
      ])
  }

  @Test(arguments: [
    "GET /p/prod HTTP/1.1\r\nHost: localhost:PORT\r\nauthorization: TOKEN\r\n\r\n",
    "GET /p/prod HTTP/1.0\r\nHost: HOST\r\nAuthorization:TOKEN\r\n\r\n",
    "GET /p/prod HTTP/1.1\r\nHost: LocalHost:PORT\r\nAuthorization: TOKEN\r\nContent-Length: 0\r\n\r\n",
    "GET /p/other HTTP/1.1\r\nHost: HOST\r\nAuthorization: OTHER\r\nConnection: keep-alive\r\n\r\n",
  ])
  func `what SDKs send differs in details`(text: String) {
    #expect(server.send(text).code == "200")
  }

  @Test(arguments: [
    "", "Authorization: \r\n", "Authorization: x\r\n", "Authorization: Bearer TOKEN\r\n", "Authorization: TOKENx\r\n",
    "Authorization: xTOKEN\r\n", "Authorization: OTHER\r\n", "Authorization: TOKEN\r\nAuthorization: TOKEN\r\n",
    "X-Aws-Ec2-Metadata-Token: TOKEN\r\n", "Cookie: TOKEN\r\n", "Proxy-Authorization: TOKEN\r\n",
  ])
  func `without the profile's token there is nothing`(header: String) {
    let answer = server.send("GET /p/prod HTTP/1.1\r\nHost: HOST\r\n\(header)\r\n")
    #expect(answer.code == "401")
    #expect(answer.body == Refusal.unauthorized.words.json)
  }

  @Test func `part of a token, or one in other letters, is none`() {
    let token = server.tokenText
    let other = String(token.map { $0.isLowercase ? Character($0.uppercased()) : Character($0.lowercased()) })
    for wrong in [String(token.dropLast()), String(token.dropFirst()), other] {
      let answer = server.send("GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: \(wrong)\r\n\r\n")
      #expect(answer.code == "401")
    }
  }

  /// That the comparison takes the same time for every wrong token, `SecretBytes.equals` is tested for by itself.
  @Test func `tokens are long, random and plain`() {
    let tokens = (0..<16_384).map { _ in Array((Token().clone().revealed() ?? "").utf8) }
    #expect(Set(tokens).count == tokens.count)
    #expect(tokens.allSatisfy { $0.count == 43 })
    // Each digit stands at each place about 256 times, give or take ten times the standard deviation of 16.
    for place in 0..<43 {
      let counts = tokens.reduce(into: [:]) { counts, token in counts[token[place], default: 0] += 1 }
      #expect(counts.count == 64 && counts.values.allSatisfy { (96...416).contains($0) })
      #expect(counts.keys.allSatisfy { "-_".utf8.contains($0) || Character(Unicode.Scalar($0)).isASCIILetterOrDigit })
    }
  }

  /// A page whose name was made to resolve to this address still sends that name.
  @Test(arguments: [
    ("evil.example:PORT", "403"), ("evil.example", "403"), ("127.0.0.1", "403"), ("127.0.0.1:1", "403"),
    ("127.0.0.1:PORT.evil", "403"), ("localhost.:PORT", "403"), ("[::1]:PORT", "403"), ("127.1:PORT", "403"),
    ("0.0.0.0:PORT", "403"), ("127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT", "400"),
    ("evil.example\r\nhost: 127.0.0.1:PORT", "400"), ("", "403"),
  ])
  func `another name for this address is refused`(host: String, code: String) {
    let answer = server.send("GET /p/prod HTTP/1.1\r\nHost: \(host)\r\nAuthorization: TOKEN\r\n\r\n")
    #expect(answer.code == code)
    #expect(!answer.body.contains("ASIA"))
  }

  @Test(arguments: [
    "GET /p/prod HTTP/1.1\r\nAuthorization: TOKEN\r\n\r\n", "GET /p/prod HTTP/1.0\r\nAuthorization: TOKEN\r\n\r\n",
    "GET http://HOST/p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n\r\n",
    "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n\r\n",
  ])
  func `a request to a proxy, or without a host, is none`(text: String) {
    #expect(server.send(text).code == "400")
  }

  @Test(arguments: [
    "Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:PORT", "Referer: http://evil.example/",
    "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-WebSocket-Key: x", "X-Forwarded-For: 10.0.0.1",
    "x-forwarded-host: HOST", "Forwarded: for=10.0.0.1", "Via: 1.1 proxy",
  ])
  func `what comes through a browser or a proxy is refused`(header: String) {
    let answer = server.send("GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n\(header)\r\n\r\n")
    #expect(answer.code == "403")
    #expect(!answer.headers.contains { $0.lowercased().hasPrefix("access-control") })
  }

  @Test(arguments: ["POST", "PUT", "OPTIONS", "HEAD", "DELETE", "TRACE", "PATCH"])
  func `other methods are refused`(method: String) {
    let answer = server.send("\(method) /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n\r\n")
    #expect(answer.code == "405")
    #expect(answer.headers.contains("Allow: GET"))
    #expect(!answer.headers.contains { $0.lowercased().hasPrefix("access-control") })
  }

  @Test(arguments: [
    "/", "//", "/p", "/p/", "/p/unknown", "/p/prod/", "//p/prod", "/p//prod", "/p/../p/prod", "/p/prod?x", "/p/prod%00",
    "/p/%70rod", "/p/PROD", "/p/prod?Authorization=TOKEN", "/role-arn/arn:aws:iam::123456789012:role/Admin",
    "/latest/meta-data/iam/security-credentials/",
  ])
  func `only the path of a profile is served`(path: String) {
    #expect(server.send("GET \(path) HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n\r\n").code == "404")
  }

  @Test(arguments: [
    "GARBAGE\r\n\r\n", "GET /p/prod\r\n\r\n", "GET /p/prod HTTP/3.0\r\nHost: HOST\r\n\r\n",
    "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\nContent-Length: 5\r\n\r\nhello",
    "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
    "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization : TOKEN\r\n\r\n",
    "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TO\u{0}KEN\r\n\r\n",
    "GET /p/\u{0}prod HTTP/1.1\r\nHost: HOST\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
  ])
  func `what is no request for credentials is refused`(text: String) {
    let answer = server.send(text)
    #expect(answer.code == "400")
    #expect(!answer.body.contains("ASIA"))
  }

  @Test func `a second request on a connection is not answered`() {
    let client = server.connect()
    client.write(server.filled(RunningServer.good + RunningServer.good))
    let answer = client.answer()
    #expect(answer.code == "200")
    #expect(answer.body.components(separatedBy: "ASIAFIRSTEXAMPLE").count == 2)
  }

  /// The kernel tells whose the other end of a connection is.
  @Test(
    .enabled(
      if: geteuid() == 0 && Installed.has("setpriv", "curl"), "only root can become another user, by setpriv and curl"))
  func `a process of another user is refused, with the right token`() throws {
    let curl = "exec setpriv --reuid 65534 --clear-groups curl -s -H 'Authorization: \(server.tokenText)'"
    let outcome = try Launch("/bin/sh", ["-c", "\(curl) http://\(server.host)/p/prod"]).run()
    #expect(outcome.outputText == Refusal.otherUser.words.json)
  }

  @Test func `nothing listens on another address`() {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(server.port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.2")
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    let result = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(result == -1 && errno == ECONNREFUSED)
  }

  @Test func `after its end nobody is there`() throws {
    try server.stop()
    #expect(server.get() == RawAnswer(""))
  }

  @Test func `what is logged of a request is its path and how it was answered`() {
    _ = server.get()
    _ = server.send("POST /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n\r\n")
    _ = server.send("GARBAGE\r\n\r\n")
    #expect(server.lines == ["200 /p/prod", "405 /p/prod", "400 -"])
  }
}

extension Character {
  fileprivate var isASCIILetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
