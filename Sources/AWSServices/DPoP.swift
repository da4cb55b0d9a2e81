internal import FoundationEssentials
internal import HTTP
internal import Hashing
internal import Secrets

extension P256Key {
  /// The proof for one POST to `url` that its sender holds this key: a token that names the key, the URL and the time,
  /// signed with the key (RFC 9449, 4.2).
  ///
  /// - Parameter id: never used before.
  func proof(for url: URLText, at time: Date, id: String) throws(HashingError) -> SecretBytes {
    let point = try point()
    let (x, y) = (Base64.urlText(point.x), Base64.urlText(point.y))
    let key = "{\"kty\":\"EC\",\"x\":\"\(x)\",\"y\":\"\(y)\",\"crv\":\"P-256\"}"
    let header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":\(key)}"
    let seconds = Int(time.timeIntervalSince1970)
    let payload = "{\"htm\":\"POST\",\"htu\":\(url.text.jsonString),\"iat\":\(seconds),\"jti\":\(id.jsonString)}"
    let signed = [header, payload].map { Base64.urlText(Array($0.utf8)) }.joined(separator: ".")
    return SecretBytes(copying: signed + "." + Base64.urlText(try signature(of: Array(signed.utf8))))
  }
}
