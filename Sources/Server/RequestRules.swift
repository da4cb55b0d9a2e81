internal import Glibc
internal import NIOHTTP1
internal import Secrets

/// Which requests are answered with credentials. Every page that is open in a browser can send requests to this port, and
/// every user of the machine can connect to it.
struct RequestRules: Sendable {
  private let profiles: [String: (token: Token, supply: CredentialSupply)]

  /// - Parameter profiles: by their paths.
  init(_ profiles: [String: (token: Token, supply: CredentialSupply)]) { self.profiles = profiles }

  /// What answers a request that came to `port` from a process of `user`; nil if the kernel does not tell.
  func supply(
    for head: HTTPRequestHead, at port: Int, from user: uid_t?
  ) throws(Refusal) -> CredentialSupply {
    guard head.uri.hasPrefix("/"), head.headers["Host"].count == 1, !head.announcesBody else { throw .badRequest }
    guard head.method == .GET else { throw .wrongMethod }
    // Any other name may be one that a page had resolve to this address.
    let authorities = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard authorities.contains(head.headers["Host"][0].lowercased()), !head.isForwarded else { throw .forbiddenHost }
    guard user.map({ $0 == 0 || $0 == geteuid() }) ?? true else { throw .otherUser }
    guard let profile = profiles[head.uri] else { throw .notFound }
    let authorizations = head.headers["Authorization"]
    guard authorizations.count == 1, profile.token.matches(authorizations[0]) else { throw .unauthorized }
    return profile.supply
  }
}

/// Why a request gets no credentials.
enum Refusal: Error, CaseIterable {
  case badRequest, wrongMethod, forbiddenHost, otherUser, notFound, unauthorized
}

extension HTTPRequestHead {
  /// A client that wants credentials sends none.
  fileprivate var announcesBody: Bool {
    headers.contains(name: "Transfer-Encoding") || headers["Content-Length"].contains { $0 != "0" }
  }

  /// Whether a browser's page or a proxy has a part in it (Fetch Standard, 2.2; RFC 7239; RFC 9110, 7.6.3).
  fileprivate var isForwarded: Bool {
    headers.contains { header in
      let name = header.name.lowercased()
      return ["origin", "referer", "forwarded", "via"].contains(name) || name.hasPrefix("sec-")
        || name.hasPrefix("x-forwarded-")
    }
  }
}

// MARK: - Token

/// What a client shows to get the credentials of one profile: 258 bits of randomness, as text that needs quotes nowhere.
final class Token: Sendable {
  private let text = SecretBytes.randomText(43)

  /// In time that depends on the length of `candidate` only.
  func matches(_ candidate: String) -> Bool { text.equals(SecretBytes(copying: candidate)) }

  /// A copy to hand out.
  func clone() -> SecretBytes { text.clone() }
}
