#include "CExpat.h"
#include "CLinux.h"

LINUX_LIBRARY(libexpat, "libexpat.so.1", LIBEXPAT_FUNCTIONS)

XML_Parser libexpat_parser(const struct libexpat_functions *library) {
  static const XML_Memory_Handling_Suite wiping = {linux_wiping_malloc, linux_wiping_realloc, linux_wiping_free};
  return library->XML_ParserCreate_MM("UTF-8", &wiping, NULL);
}
