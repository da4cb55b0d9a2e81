// libcurl's easy interface, opened on first use (Debian: libcurl4).
#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
// A macro of the function's name, which cannot be called through a table.
#undef curl_easy_setopt

#define LIBCURL_FUNCTIONS(X) \
  X(curl_global_init_mem) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_perform) X(curl_easy_strerror) \
  X(curl_easy_cleanup) X(curl_slist_append) X(curl_slist_free_all)

struct libcurl_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBCURL_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libcurl, initialised, or null if it is not installed. Memory that libcurl frees is wiped, because
/// requests and responses pass through it. Two threads must not make the first call at once.
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

/// Has libcurl open its sockets with `open`, call `connected` before it sends the request, and call `progress` some
/// times a second, or once if nothing happens; each returns 0 (`open`: a socket) to go on.
static inline CURLcode libcurl_set_watch(const struct libcurl_functions *_Nonnull library, CURL *_Nonnull handle,
                                         curl_opensocket_callback _Nonnull open,
                                         curl_prereq_callback _Nonnull connected, libcurl_progress _Nonnull progress,
                                         void *_Nonnull context) {
  CURLcode code = library->curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, connected);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  if (!code) code = library->curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
  return code ? code : library->curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
}
