#include "memory.h"
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void *wiping_malloc(size_t size) { return malloc(size); }

void *wiping_calloc(size_t count, size_t size) { return calloc(count, size); }

char *wiping_strdup(const char *text) { return strdup(text); }

void wiping_free(void *memory) {
  if (memory) explicit_bzero(memory, malloc_usable_size(memory));
  free(memory);
}

// realloc(3) would leave the bytes behind when it moves them.
void *wiping_realloc(void *memory, size_t size) {
  void *moved = malloc(size);
  if (!moved || !memory) return moved;
  size_t old = malloc_usable_size(memory);
  memcpy(moved, memory, old < size ? old : size);
  wiping_free(memory);
  return moved;
}
