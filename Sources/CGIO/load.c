#include "CGIO.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {GIO_FUNCTIONS(NAME)};
static struct gio_functions functions;

const struct gio_functions *gio_load(void) {
  return linux_load_library("libgio-2.0.so.0", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}
