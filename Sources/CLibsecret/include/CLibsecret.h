// libsecret and the GLib calls it needs, opened on first use (Debian: libsecret-1-0).
#pragma once
#include <libsecret/secret.h>

#define LIBSECRET_FUNCTIONS(X) \
  X(secret_service_get_sync) X(secret_service_get_session_algorithms) X(secret_service_search_sync)

struct libsecret_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBSECRET_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libsecret, or null when it is not installed.
const struct libsecret_functions *_Nullable libsecret_load(void);
