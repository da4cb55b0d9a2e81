#include "CExpat.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBEXPAT_FUNCTIONS(NAME)};
static struct libexpat_functions functions;

const struct libexpat_functions *libexpat_load(void) {
  return linux_load_library("libexpat.so.1", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}
