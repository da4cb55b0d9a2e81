#include "CLinux.h"
#include <dlfcn.h>

bool linux_load_library(const char *file, const char *const *names, size_t count, void *table) {
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return false;
  for (size_t i = 0; i < count; i++) {
    void *function = dlsym(library, names[i]);
    if (!function) return false;
    memcpy((char *)table + i * sizeof function, &function, sizeof function);
  }
  return true;
}
