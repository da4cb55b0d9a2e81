// OpenSSL's libcrypto, opened on first use (Debian: libssl3).
#pragma once
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#define LIBCRYPTO_FUNCTIONS(X) \
  X(EVP_sha256) X(EVP_Digest) X(EVP_Q_mac) X(EVP_DecodeBlock) \
  X(EVP_aes_128_cbc) X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_free) X(EVP_CipherInit_ex) X(EVP_CipherUpdate) \
  X(EVP_CipherFinal_ex) X(RAND_bytes) \
  X(BN_new) X(BN_clear_free) X(BN_CTX_new) X(BN_CTX_free) X(BN_get_rfc2409_prime_1024) X(BN_bin2bn) X(BN_bn2binpad) \
  X(BN_priv_rand) X(BN_set_flags) X(BN_set_word) X(BN_mod_exp) X(BN_cmp) X(BN_is_one) X(BN_is_zero) X(BN_sub_word)

struct libcrypto_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBCRYPTO_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libcrypto, or null when it is not installed.
const struct libcrypto_functions *_Nullable libcrypto_load(void);
