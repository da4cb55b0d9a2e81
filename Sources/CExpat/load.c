#include "CExpat.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBEXPAT_FUNCTIONS(NAME)};
static struct libexpat_functions functions;

const struct libexpat_functions *libexpat_load(void) {
  return linux_load_library("libexpat.so.1", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}

XML_Parser libexpat_parser(const struct libexpat_functions *library) {
  static const XML_Memory_Handling_Suite wiping = {linux_wiping_malloc, linux_wiping_realloc, linux_wiping_free};
  return library->XML_ParserCreate_MM("UTF-8", &wiping, NULL);
}
