// libcurl's easy interface, opened on first use (Debian: libcurl4).
#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
// Macros of the same names as the functions, which cannot be called through a table.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define LIBCURL_FUNCTIONS(X) \
  X(curl_global_init_mem) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_perform) X(curl_easy_getinfo) \
  X(curl_easy_strerror) X(curl_easy_cleanup) X(curl_slist_append) X(curl_slist_free_all)

struct libcurl_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBCURL_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libcurl, initialised, or null when it is not installed. Memory that libcurl frees is wiped, because
/// requests and responses pass through it. The first call is not to be made from two threads at once.
const struct libcurl_functions *_Nullable libcurl_load(void);

/// Receives `size * count` bytes of a response's head or body; returns their number, or less to break off.
typedef size_t (*libcurl_receiver)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);

/// How a transfer goes on (CURLOPT_XFERINFOFUNCTION(3)).
typedef int (*libcurl_progress)(void *_Nullable context, curl_off_t download_size, curl_off_t downloaded,
                                curl_off_t upload_size, curl_off_t uploaded);

static inline CURLcode libcurl_set_number(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                          CURLoption option, long value) {
  return library->curl_easy_setopt(handle, option, value);
}

/// libcurl keeps a copy of `value`; null is libcurl's way to say "none".
static inline CURLcode libcurl_set_text(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                        CURLoption option, const char *_Nullable value) {
  return library->curl_easy_setopt(handle, option, value);
}

/// `headers` has to stay until the request is done.
static inline CURLcode libcurl_set_headers(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                           struct curl_slist *_Nullable headers) {
  return library->curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

/// Sends `count` bytes in a POST; they have to stay until the request is done. Without bytes libcurl would read stdin,
/// so no bytes become the empty string.
static inline CURLcode libcurl_set_body(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                        const void *_Nullable bytes, size_t count) {
  CURLcode code = library->curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  return code ? code : library->curl_easy_setopt(handle, CURLOPT_POSTFIELDS, bytes ? bytes : "");
}

/// Where libcurl writes what went wrong, CURL_ERROR_SIZE bytes that stay as long as the handle.
static inline CURLcode libcurl_set_message(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                           char *_Nonnull message) {
  return library->curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message);
}

/// Has head and body of the response handed over with `context`.
static inline CURLcode libcurl_set_receivers(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                             libcurl_receiver _Nonnull head, libcurl_receiver _Nonnull body,
                                             void *_Nonnull context) {
  CURLcode code = library->curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, head);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
  return code ? code : library->curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

/// Asks `asked` some times a second, or once when nothing happens, whether to go on: it returns 0 to.
static inline CURLcode libcurl_set_progress(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                            libcurl_progress _Nonnull asked, void *_Nonnull context) {
  CURLcode code = library->curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, asked);
  return code ? code : library->curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
}

/// A fact about the finished request, 0 where libcurl has none.
static inline long libcurl_number(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                  CURLINFO fact) {
  long value = 0;
  return library->curl_easy_getinfo(handle, fact, &value) ? 0 : value;
}

/// Microseconds from the start to a point of the finished request, 0 where it did not get there.
static inline curl_off_t libcurl_time(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                      CURLINFO point) {
  curl_off_t value = 0;
  return library->curl_easy_getinfo(handle, point, &value) ? 0 : value;
}
