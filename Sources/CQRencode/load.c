#include "CQRencode.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBQRENCODE_FUNCTIONS(NAME)};
static struct libqrencode_functions functions;

const struct libqrencode_functions *libqrencode_load(void) {
  return linux_load_library("libqrencode.so.4", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}
