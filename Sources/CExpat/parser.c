#include "CExpat.h"
#include "CLinux.h"
#include <malloc.h>
#include <stdlib.h>

static void wiping_free(void *memory) {
  if (!memory) return;
  linux_wipe(memory, malloc_usable_size(memory));
  free(memory);
}

// realloc(3) may move the bytes and leave the old ones behind.
static void *wiping_realloc(void *memory, size_t size) {
  void *larger = malloc(size);
  if (!larger || !memory) return larger;
  size_t old = malloc_usable_size(memory);
  memcpy(larger, memory, old < size ? old : size);
  wiping_free(memory);
  return larger;
}

XML_Parser libexpat_parser(const struct libexpat_functions *library) {
  static const XML_Memory_Handling_Suite wiping = {malloc, wiping_realloc, wiping_free};
  return library->XML_ParserCreate_MM("UTF-8", &wiping, NULL);
}
