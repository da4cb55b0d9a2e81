// OpenSSL's libcrypto, opened on first use (Debian: libssl3).
#pragma once
#include <openssl/evp.h>

#define LIBCRYPTO_FUNCTIONS(X) \
  X(EVP_sha1) X(EVP_sha256) X(EVP_Digest) X(EVP_Q_mac) X(EVP_DecodeBlock)

struct libcrypto_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBCRYPTO_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libcrypto, or null when it is not installed.
const struct libcrypto_functions *_Nullable libcrypto_load(void);
