// libcurl's easy interface, opened on first use (Debian: libcurl4).
#pragma once
#include <curl/curl.h>

#define LIBCURL_FUNCTIONS(X) \
  X(curl_global_init) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_perform) X(curl_easy_cleanup)

struct libcurl_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBCURL_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libcurl, or null when it is not installed.
const struct libcurl_functions *_Nullable libcurl_load(void);
