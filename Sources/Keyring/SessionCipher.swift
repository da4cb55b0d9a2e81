import COpenSSL
internal import Hashing
internal import POSIX
internal import Secrets

/// The encryption of secrets that cross the bus, `dh-ietf1024-sha256-aes128-cbc-pkcs7` (Secret Service API, "Transfer of
/// Secrets"): a Diffie-Hellman exchange in the second Oakley group, HKDF with SHA-256, AES-128 in CBC mode.
struct SessionCipher: ~Copyable {
  private let key: SecretBytes
  private let libcrypto: Libcrypto

  static let algorithm = "dh-ietf1024-sha256-aes128-cbc-pkcs7"

  /// A secret as it crosses the bus.
  struct Encrypted {
    let nonce: [UInt8]
    let bytes: [UInt8]
  }

  /// HKDF (RFC 5869) without salt and info.
  fileprivate init(_ shared: borrowing SecretBytes, _ libcrypto: Libcrypto) throws(HashingError) {
    let salt = SecretBytes(copying: [UInt8](repeating: 0, count: 32).span)
    let extracted = try shared.withBytes { shared throws(HashingError) in
      try HMAC.sha256.code(of: shared, key: salt)
    }
    key = try HMAC.sha256.code(of: ([1] as [UInt8]).span, key: extracted).clone(0..<16)
    self.libcrypto = libcrypto
  }

  func encrypt(_ secret: borrowing SecretBytes) -> Encrypted? {
    var nonce = [UInt8](repeating: 0, count: 16)
    var bytes = [UInt8](repeating: 0, count: secret.count + 16)
    guard unsafe libcrypto.call.RAND_bytes(&nonce, 16) == 1 else { return nil }
    var output = bytes.mutableSpan
    guard let count = secret.withBytes({ libcrypto.crypt(.encrypt, $0, key, nonce, into: &output) }) else { return nil }
    return Encrypted(nonce: nonce, bytes: Array(bytes.prefix(count)))
  }

  /// Nil if it was not encrypted with this key.
  func decrypt(_ secret: Encrypted) -> SecretBytes? {
    guard secret.nonce.count == 16 else { return nil }
    var bytes = SecretBytes(capacity: secret.bytes.count + 16)
    var isWhole = false
    bytes.append(upTo: secret.bytes.count + 16) { output in
      let count = libcrypto.crypt(.decrypt, secret.bytes.span, key, secret.nonce, into: &output)
      isWhole = count != nil
      return count ?? 0
    }
    guard isWhole else { return nil }
    return bytes
  }
}

// MARK: - Key exchange

/// Our half of a Diffie-Hellman exchange (RFC 2409, section 6.2).
struct KeyExchange: ~Copyable {
  /// As long as the prime, which some services insist on.
  let publicKey: [UInt8]
  private let exponent: BigNumber
  private let prime: BigNumber
  private let libcrypto: Libcrypto

  private static let length = 128

  /// - Throws: `.libraryMissing`, `.algorithmUnavailable`.
  init() throws(HashingError) {
    let libcrypto = try Libcrypto.opened()
    let call = libcrypto.call
    let prime = unsafe try BigNumber(owning: call.BN_get_rfc2409_prime_1024(nil), of: libcrypto)
    let generator = try BigNumber(of: libcrypto)
    let exponent = try BigNumber(of: libcrypto)
    let isMade =
      unsafe call.BN_set_word(generator.pointer, 2) == 1
      && call.BN_priv_rand(exponent.pointer, 1023, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
    guard isMade else { throw .algorithmUnavailable("Diffie-Hellman") }
    unsafe call.BN_set_flags(exponent.pointer, BN_FLG_CONSTTIME)
    publicKey = try generator.raised(to: exponent, modulo: prime).bytes(Self.length).withBytes { bytes in
      bytes.indices.map { bytes[$0] }
    }
    self.exponent = exponent
    self.prime = prime
    self.libcrypto = libcrypto
  }

  /// What only both sides know, made into a key; nil if `peer` is no public key.
  func cipher(with peer: [UInt8]) throws(HashingError) -> SessionCipher? {
    guard (1...Self.length).contains(peer.count) else { return nil }
    let theirs = unsafe try BigNumber(owning: libcrypto.call.BN_bin2bn(peer, Int32(peer.count), nil), of: libcrypto)
    guard theirs.isPublicKey(modulo: prime) else { return nil }
    return try SessionCipher(theirs.raised(to: exponent, modulo: prime).bytes(Self.length), libcrypto)
  }
}

// MARK: - libcrypto

/// A number of OpenSSL's, wiped when its owner ends.
@safe
private struct BigNumber: ~Copyable {
  let pointer: OpaquePointer
  private let libcrypto: Libcrypto

  init(owning pointer: OpaquePointer?, of libcrypto: Libcrypto) throws(HashingError) {
    guard let pointer = unsafe pointer else { throw .algorithmUnavailable("Diffie-Hellman") }
    unsafe self.pointer = pointer
    self.libcrypto = libcrypto
  }

  init(of libcrypto: Libcrypto) throws(HashingError) {
    unsafe try self.init(owning: libcrypto.call.BN_new(), of: libcrypto)
  }

  deinit { unsafe libcrypto.call.BN_clear_free(pointer) }

  func raised(
    to exponent: borrowing BigNumber, modulo prime: borrowing BigNumber
  ) throws(HashingError) -> BigNumber {
    let result = try BigNumber(of: libcrypto)
    let context = unsafe libcrypto.call.BN_CTX_new()
    defer { unsafe libcrypto.call.BN_CTX_free(context) }
    guard unsafe libcrypto.call.BN_mod_exp(result.pointer, pointer, exponent.pointer, prime.pointer, context) == 1
    else {
      throw .algorithmUnavailable("Diffie-Hellman")
    }
    return result
  }

  /// Most significant first, padded to `count`.
  func bytes(_ count: Int) -> SecretBytes {
    var bytes = SecretBytes(capacity: count)
    bytes.append(upTo: count) { output in
      unsafe output.withUnsafeMutableBufferPointer {
        max(0, Int(unsafe libcrypto.call.BN_bn2binpad(pointer, $0.baseAddress, Int32(count))))
      }
    }
    return bytes
  }

  /// Neither 0, 1 nor the prime less one, which would make everybody's secret the same (RFC 2631, section 2.1.5).
  func isPublicKey(modulo prime: borrowing BigNumber) -> Bool {
    let call = libcrypto.call
    guard unsafe call.BN_is_zero(pointer) == 0, unsafe call.BN_is_one(pointer) == 0 else { return false }
    do throws(HashingError) {
      let largest = unsafe try BigNumber(owning: call.BN_get_rfc2409_prime_1024(nil), of: libcrypto)
      return unsafe call.BN_sub_word(largest.pointer, 1) == 1 && call.BN_cmp(pointer, largest.pointer) < 0
    } catch {
      return false
    }
  }
}

/// The functions of OpenSSL's libcrypto that this file needs.
@safe
private struct Libcrypto: @unchecked Sendable {
  private static let loaded: Libcrypto? = {
    guard let functions = unsafe libcrypto_load() else { return nil }
    return unsafe Libcrypto(functions: functions)
  }()
  private let functions: UnsafePointer<libcrypto_functions>

  enum Direction: Int32 {
    case decrypt, encrypt
  }

  static func opened() throws(HashingError) -> Libcrypto {
    guard let loaded else { throw .libraryMissing(LibraryMissing("libcrypto.so.3", package: "libssl3")) }
    return loaded
  }

  var call: libcrypto_functions { unsafe functions.pointee }

  /// AES-128-CBC with PKCS #7 padding (EVP_CipherInit(3)). Gives the number of bytes; `output` has room for 16 more than
  /// `input`. Nil if the padding is wrong.
  func crypt(
    _ direction: Direction, _ input: borrowing Span<UInt8>, _ key: borrowing SecretBytes, _ nonce: [UInt8],
    into output: inout MutableSpan<UInt8>
  ) -> Int? {
    guard let context = unsafe call.EVP_CIPHER_CTX_new() else { return nil }
    defer { unsafe call.EVP_CIPHER_CTX_free(context) }
    let isReady = key.withBytes { key in
      unsafe key.withUnsafeBufferPointer { key in
        unsafe call.EVP_CipherInit_ex(context, call.EVP_aes_128_cbc(), nil, key.baseAddress, nonce, direction.rawValue)
      }
    }
    var (first, last): (Int32, Int32) = (0, 0)
    let isDone = unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe input.withUnsafeBufferPointer { input in
        unsafe isReady == 1
          && call.EVP_CipherUpdate(context, output.baseAddress, &first, input.baseAddress, Int32(input.count)) == 1
          && call.EVP_CipherFinal_ex(context, output.baseAddress.map { unsafe $0 + Int(first) }, &last) == 1
      }
    }
    return isDone ? Int(first) + Int(last) : nil
  }
}
