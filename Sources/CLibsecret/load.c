#include "CLibsecret.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBSECRET_FUNCTIONS(NAME)};
static struct libsecret_functions functions;

const struct libsecret_functions *libsecret_load(void) {
  return linux_load_library("libsecret-1.so.0", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}
