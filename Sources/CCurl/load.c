#include "CCurl.h"
#include "CLinux.h"
#include <stdlib.h>

#define NAME(name) #name,
static const char *const names[] = {LIBCURL_FUNCTIONS(NAME)};
static struct libcurl_functions functions;

const struct libcurl_functions *libcurl_load(void) {
  if (!linux_load_library("libcurl.so.4", names, sizeof names / sizeof *names, &functions)) return NULL;
  // libcurl writes the keys of every TLS session to the file named there, and asks when it is initialised.
  unsetenv("SSLKEYLOGFILE");
  CURLcode code = functions.curl_global_init_mem(CURL_GLOBAL_DEFAULT, linux_wiping_malloc, linux_wiping_free,
                                                 linux_wiping_realloc, linux_wiping_strdup, linux_wiping_calloc);
  return code ? NULL : &functions;
}
