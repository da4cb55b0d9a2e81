#include "COpenSSL.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBCRYPTO_FUNCTIONS(NAME)};
static struct libcrypto_functions functions;

const struct libcrypto_functions *libcrypto_load(void) {
  return linux_load_library("libcrypto.so.3", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}
