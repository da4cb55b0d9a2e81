import COpenSSL
package import Secrets

/// A key pair on the curve P-256, to sign with (ECDSA with SHA-256, FIPS 186-5), by OpenSSL.
@safe
package struct P256Key: ~Copyable {
  private let libcrypto: Libcrypto
  /// EVP_PKEY(3), whose end wipes it.
  private let pair: OpenSSLObject

  /// Bytes of a coordinate, and of each half of a signature.
  private static let width = 32

  /// A new key.
  package init() throws(HashingError) {
    let libcrypto = try Libcrypto.open()
    guard let pair = libcrypto.newKey() else { throw .algorithmUnavailable("P-256") }
    self.init(pair, libcrypto)
  }

  /// The key in a PEM text, with or without its curve's name in front (SEC 1 or PKCS #8); nil if it is none.
  package init?(pem: borrowing SecretBytes) throws(HashingError) {
    let libcrypto = try Libcrypto.open()
    guard let pair = libcrypto.key(pem: pem) else { return nil }
    self.init(pair, libcrypto)
  }

  private init(_ pair: consuming OpenSSLObject, _ libcrypto: Libcrypto) {
    self.libcrypto = libcrypto
    self.pair = pair
  }

  /// The key pair in PEM (SEC 1), as all programs read it that sign in to AWS.
  package func pem() throws(HashingError) -> SecretBytes {
    guard let text = libcrypto.pem(of: pair) else { throw .algorithmUnavailable("PEM") }
    return text
  }

  /// The coordinates of the public point.
  package func point() throws(HashingError) -> (x: [UInt8], y: [UInt8]) {
    guard let point = libcrypto.publicPoint(of: pair), point.count == 2 * Self.width + 1, point[0] == 4 else {
      throw .algorithmUnavailable("P-256")
    }
    return (Array(point[1...Self.width]), Array(point[(Self.width + 1)...]))
  }

  /// The signature as RFC 7518, 3.4, wants it: both halves one after the other, each in full width.
  package func signature(of message: [UInt8]) throws(HashingError) -> [UInt8] {
    guard let signature = libcrypto.signature(of: message.span, with: pair),
      let halves = libcrypto.halves(ofDER: signature)
    else { throw .algorithmUnavailable("ECDSA") }
    return halves
  }
}

// MARK: - OpenSSL

/// What one of OpenSSL's functions has made; freed with its owner.
///
/// It would be private, but the optimizer has other modules refer to it as a part of `P256Key`.
@safe
struct OpenSSLObject: ~Copyable {
  let pointer: OpaquePointer
  private let free: (OpaquePointer) -> Void

  init?(_ pointer: OpaquePointer?, free: @escaping (OpaquePointer) -> Void) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    unsafe self.free = free
  }

  deinit { unsafe free(pointer) }
}

extension Libcrypto {
  /// EVP_PKEY_keygen(3).
  fileprivate func newKey() -> OpenSSLObject? {
    let library = unsafe functions.pointee
    guard
      let context = unsafe OpenSSLObject(
        library.EVP_PKEY_CTX_new_from_name(nil, "EC", nil), free: { unsafe library.EVP_PKEY_CTX_free($0) })
    else { return nil }
    var pair: OpaquePointer?
    let done =
      unsafe library.EVP_PKEY_keygen_init(context.pointer) == 1
      && library.EVP_PKEY_CTX_set_group_name(context.pointer, "P-256") == 1
      && library.EVP_PKEY_generate(context.pointer, &pair) == 1
    return unsafe done ? owned(pair) : nil
  }

  private func owned(_ pair: OpaquePointer?) -> OpenSSLObject? {
    let library = unsafe functions.pointee
    return unsafe OpenSSLObject(pair, free: { unsafe library.EVP_PKEY_free($0) })
  }

  private func buffer(_ buffer: OpaquePointer?) -> OpenSSLObject? {
    let library = unsafe functions.pointee
    return unsafe OpenSSLObject(buffer, free: { _ = unsafe library.BIO_free($0) })
  }

  /// PEM_read_bio_PrivateKey(3); a password is never asked for.
  fileprivate func key(pem: borrowing SecretBytes) -> OpenSSLObject? {
    unsafe pem.withPointer { pem in
      guard let text = unsafe buffer(functions.pointee.BIO_new_mem_buf(pem.baseAddress, Int32(pem.count))) else {
        return nil
      }
      var noPassword: CChar = 0
      return unsafe owned(functions.pointee.PEM_read_bio_PrivateKey(text.pointer, nil, nil, &noPassword))
    }
  }

  /// PEM_write_bio_PrivateKey_traditional(3), into memory that OpenSSL wipes.
  fileprivate func pem(of pair: borrowing OpenSSLObject) -> SecretBytes? {
    let library = unsafe functions.pointee
    guard let text = unsafe buffer(library.BIO_new(library.BIO_s_secmem())),
      unsafe library.PEM_write_bio_PrivateKey_traditional(text.pointer, pair.pointer, nil, nil, 0, nil, nil) == 1
    else { return nil }
    var pem = SecretBytes()
    var count = 0
    repeat {
      pem.append(upTo: 1_024) { bytes in
        count = unsafe bytes.withUnsafeMutableBytes {
          unsafe Int(library.BIO_read(text.pointer, $0.baseAddress, 1_024))
        }
        return max(0, count)
      }
    } while count > 0
    return pem
  }

  /// The uncompressed point (SEC 1, 2.3.3), by EVP_PKEY_get_octet_string_param(3).
  fileprivate func publicPoint(of pair: borrowing OpenSSLObject) -> [UInt8]? {
    var point = [UInt8](repeating: 0, count: 133)
    var count = 0
    let done = unsafe functions.pointee.EVP_PKEY_get_octet_string_param(
      pair.pointer, "pub", &point, point.count, &count)
    return done == 1 ? Array(point.prefix(count)) : nil
  }

  /// EVP_DigestSign(3): a signature in DER.
  fileprivate func signature(of message: borrowing Span<UInt8>, with pair: borrowing OpenSSLObject) -> [UInt8]? {
    let library = unsafe functions.pointee
    guard
      let context = unsafe OpenSSLObject(library.EVP_MD_CTX_new(), free: { unsafe library.EVP_MD_CTX_free($0) }),
      unsafe library.EVP_DigestSignInit_ex(context.pointer, nil, "SHA256", nil, nil, pair.pointer, nil) == 1
    else { return nil }
    var signature = [UInt8](repeating: 0, count: 256)
    var count = signature.count
    let done = unsafe message.withUnsafeBufferPointer { message in
      unsafe library.EVP_DigestSign(context.pointer, &signature, &count, message.baseAddress, message.count)
    }
    return done == 1 ? Array(signature.prefix(count)) : nil
  }

  /// Both numbers of a signature in DER, which leaves out their leading zeros, each in 32 bytes.
  func halves(ofDER signature: [UInt8]) -> [UInt8]? {
    let library = unsafe functions.pointee
    let parsed = unsafe signature.span.withUnsafeBufferPointer { bytes -> OpenSSLObject? in
      var position = bytes.baseAddress
      let numbers = unsafe library.d2i_ECDSA_SIG(nil, &position, bytes.count)
      return unsafe OpenSSLObject(numbers, free: { unsafe library.ECDSA_SIG_free($0) })
    }
    guard let numbers = parsed else { return nil }
    var halves = [UInt8](repeating: 0, count: 64)
    let lengths = unsafe halves.withUnsafeMutableBufferPointer { halves in
      unsafe [
        library.BN_bn2binpad(library.ECDSA_SIG_get0_r(numbers.pointer), halves.baseAddress, 32),
        library.BN_bn2binpad(library.ECDSA_SIG_get0_s(numbers.pointer), halves.baseAddress.map { unsafe $0 + 32 }, 32),
      ]
    }
    return lengths == [32, 32] ? halves : nil
  }
}
