import COpenSSL
package import Secrets

/// Reads what is encrypted with a passphrase in a compact JSON Web Encryption (RFC 7516), as 99designs/keyring writes its
/// files: PBES2-HS256+A128KW and A256GCM (RFC 7518, 4.8 and 5.3), and no other algorithm.
package enum JWE {
  private static let algorithm = "PBES2-HS256+A128KW"
  /// How many iterations are accepted: keyring uses no fewer, and more would keep us busy for seconds.
  private static let iterations = 1_000...1_300_000
  /// In bytes. A content key of 32 is wrapped in 40.
  private static let sizes = (key: 32, wrapped: 40, vector: 12, tag: 16)

  /// - Throws: `JWEError`, `HashingError`.
  package static func decrypted(
    _ token: borrowing SecretBytes, with passphrase: borrowing SecretBytes
  ) throws -> SecretBytes {
    // An editor may have added a line end.
    let parts = token.ranges(of: token.trimmedRange { $0 <= 0x20 }, separatedBy: UInt8(ascii: "."))
    guard parts.count == 5 else { throw JWEError.malformed }
    let header = try fields(of: bytes(token.clone(parts[0])))
    let vector = try bytes(token.clone(parts[2]))
    let tag = try bytes(token.clone(parts[4]))
    guard vector.count == sizes.vector, tag.count == sizes.tag else { throw JWEError.malformed }
    let key = try contentKey(bytes(token.clone(parts[1])), header, passphrase)
    let text = try Libcrypto.open().decrypted(
      bytes(token.clone(parts[3])), key: key, vector, authenticating: token.clone(parts[0]), tag)
    guard let text else { throw JWEError.damaged }
    return text
  }

  private static func fields(of header: borrowing SecretBytes) throws -> SecretDocument {
    let fields: SecretDocument
    do { fields = try SecretDocument(json: header) } catch { throw JWEError.malformed }
    guard fields.text(at: "alg") == algorithm, fields.text(at: "enc") == "A256GCM" else { throw JWEError.unsupported }
    return fields
  }

  /// The key that `wrapped` holds. The salt has the algorithm's name and a zero before it (RFC 7518, 4.8.1.1).
  private static func contentKey(
    _ wrapped: borrowing SecretBytes, _ header: borrowing SecretDocument, _ passphrase: borrowing SecretBytes
  ) throws -> SecretBytes {
    guard let count = header.text(at: "p2c").flatMap({ Int($0) }), let input = header.text(at: "p2s"),
      wrapped.count == sizes.wrapped
    else { throw JWEError.malformed }
    guard iterations.contains(count) else { throw JWEError.unsupported }
    var salt = SecretBytes(copying: algorithm)
    salt.append(0)
    salt.append(try bytes(SecretBytes(copying: input)))
    let libcrypto = try Libcrypto.open()
    guard let wrappingKey = libcrypto.key(from: passphrase, salt, iterations: count, count: 16) else {
      throw HashingError.algorithmUnavailable("PBKDF2")
    }
    guard let key = libcrypto.unwrapped(wrapped, with: wrappingKey), key.count == sizes.key else {
      throw JWEError.wrongPassphrase
    }
    return key
  }

  private static func bytes(_ text: borrowing SecretBytes) throws -> SecretBytes {
    guard let bytes = Base64.decodeLeniently(text) else { throw JWEError.malformed }
    return bytes
  }
}

/// Why an encrypted file is not read.
package enum JWEError: Error, Equatable {
  /// It is not five parts of base64 behind a header of JSON.
  case malformed
  /// Another algorithm, or a number of iterations beyond reason.
  case unsupported
  case wrongPassphrase
  /// The passphrase is right, and the text was changed.
  case damaged
}

// MARK: - OpenSSL

extension Libcrypto {
  /// PKCS5_PBKDF2_HMAC(3) with SHA-256.
  fileprivate func key(
    from passphrase: borrowing SecretBytes, _ salt: borrowing SecretBytes, iterations: Int, count: Int
  ) -> SecretBytes? {
    unsafe SecretBytes(upTo: count) { key in
      unsafe passphrase.withPointer { passphrase in
        unsafe salt.withPointer { salt in
          let done = unsafe functions.pointee.PKCS5_PBKDF2_HMAC(
            UnsafeRawPointer(passphrase.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(passphrase.count),
            salt.baseAddress, Int32(salt.count), Int32(iterations), functions.pointee.EVP_sha256(), Int32(key.count),
            key.baseAddress)
          return done == 1 ? key.count : nil
        }
      }
    }
  }

  /// AES-128 key unwrap (RFC 3394); nil if `key` is not what it was wrapped with.
  fileprivate func unwrapped(_ wrapped: borrowing SecretBytes, with key: borrowing SecretBytes) -> SecretBytes? {
    guard let context = cipher() else { return nil }
    let library = unsafe functions.pointee
    unsafe library.EVP_CIPHER_CTX_set_flags(context.pointer, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
    guard unsafe start(context, library.EVP_aes_128_wrap(), key, SecretBytes()) else { return nil }
    return update(context, with: wrapped)
  }

  /// AES-256-GCM; nil if anything of it was changed.
  fileprivate func decrypted(
    _ ciphertext: borrowing SecretBytes, key: borrowing SecretBytes, _ vector: borrowing SecretBytes,
    authenticating header: borrowing SecretBytes, _ tag: borrowing SecretBytes
  ) -> SecretBytes? {
    guard let context = cipher(), unsafe start(context, functions.pointee.EVP_aes_256_gcm(), key, vector) else {
      return nil
    }
    let library = unsafe functions.pointee
    var count: Int32 = 0
    let isStarted = unsafe header.withPointer {
      unsafe library.EVP_DecryptUpdate(context.pointer, nil, &count, $0.baseAddress, Int32($0.count)) == 1
    }
    guard isStarted, let text = update(context, with: ciphertext) else { return nil }
    let isWhole = unsafe tag.withPointer { tag in
      let bytes = unsafe UnsafeMutableRawPointer(mutating: tag.baseAddress)
      var rest: UInt8 = 0
      return unsafe library.EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), bytes) == 1
        && library.EVP_DecryptFinal_ex(context.pointer, &rest, &count) == 1
    }
    if isWhole { return text }
    return nil
  }

  /// EVP_CIPHER_CTX_new(3); what it holds is wiped with it.
  private func cipher() -> OpenSSLObject? {
    let library = unsafe functions.pointee
    return unsafe OpenSSLObject(library.EVP_CIPHER_CTX_new(), free: { unsafe library.EVP_CIPHER_CTX_free($0) })
  }

  /// An empty `vector` is the algorithm's own.
  private func start(
    _ context: borrowing OpenSSLObject, _ algorithm: OpaquePointer?, _ key: borrowing SecretBytes,
    _ vector: borrowing SecretBytes
  ) -> Bool {
    unsafe key.withPointer { key in
      unsafe vector.withPointer { vector in
        let start = vector.isEmpty ? nil : vector.baseAddress
        return unsafe functions.pointee.EVP_DecryptInit_ex(context.pointer, algorithm, nil, key.baseAddress, start) == 1
      }
    }
  }

  /// The bytes that `input` gives, which are no more than it has.
  private func update(_ context: borrowing OpenSSLObject, with input: borrowing SecretBytes) -> SecretBytes? {
    unsafe SecretBytes(upTo: input.count) { output in
      unsafe input.withPointer { input in
        var count: Int32 = 0
        let done = unsafe functions.pointee.EVP_DecryptUpdate(
          context.pointer, output.baseAddress, &count, input.baseAddress, Int32(input.count))
        return done == 1 ? Int(count) : nil
      }
    }
  }
}
