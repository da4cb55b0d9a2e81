// OpenSSL's libcrypto, opened on first use (Debian: libssl3).
#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#define LIBCRYPTO_FUNCTIONS(X) \
  X(EVP_sha256) X(EVP_Q_digest) X(EVP_Q_mac) \
  X(EVP_PKEY_CTX_new_from_name) X(EVP_PKEY_CTX_free) X(EVP_PKEY_keygen_init) X(EVP_PKEY_CTX_set_group_name) \
  X(EVP_PKEY_generate) X(EVP_PKEY_free) X(EVP_PKEY_get_octet_string_param) \
  X(BIO_s_secmem) X(BIO_new) X(BIO_new_mem_buf) X(BIO_read) X(BIO_free) \
  X(PEM_read_bio_PrivateKey) X(PEM_write_bio_PrivateKey_traditional) \
  X(EVP_MD_CTX_new) X(EVP_MD_CTX_free) X(EVP_DigestSignInit_ex) X(EVP_DigestSign) \
  X(PKCS5_PBKDF2_HMAC) X(EVP_aes_128_wrap) X(EVP_aes_256_gcm) X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_free) \
  X(EVP_CIPHER_CTX_set_flags) X(EVP_CIPHER_CTX_ctrl) X(EVP_DecryptInit_ex) X(EVP_DecryptUpdate) X(EVP_DecryptFinal_ex) \
  X(d2i_ECDSA_SIG) X(ECDSA_SIG_get0_r) X(ECDSA_SIG_get0_s) X(ECDSA_SIG_free) X(BN_bn2binpad)

struct libcrypto_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBCRYPTO_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libcrypto, or null if it is not installed.
const struct libcrypto_functions *_Nullable libcrypto_load(void);
