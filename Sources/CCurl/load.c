#include "CCurl.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBCURL_FUNCTIONS(NAME)};
static struct libcurl_functions functions;

const struct libcurl_functions *libcurl_load(void) {
  return linux_load_library("libcurl.so.4", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}
