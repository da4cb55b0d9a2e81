#include "CLinux.h"
#include <malloc.h>
#include <stdlib.h>

// Session tokens and answers with secrets are longer than this; small pieces are many, and locking each costs a call.
enum { LOCKED_SIZE = 256 };

static void *locked(void *memory, size_t size) {
  // Pages stay locked when their memory is given back: others may share them.
  if (memory && size >= LOCKED_SIZE) (void)mlock(memory, size);
  return memory;
}

void *linux_wiping_malloc(size_t size) { return locked(malloc(size), size); }

void *linux_wiping_calloc(size_t count, size_t size) { return locked(calloc(count, size), count * size); }

char *linux_wiping_strdup(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = linux_wiping_malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

void linux_wiping_free(void *memory) {
  if (memory) linux_wipe(memory, malloc_usable_size(memory));
  free(memory);
}

// realloc(3) would leave the bytes behind when it moves them.
void *linux_wiping_realloc(void *memory, size_t size) {
  void *moved = linux_wiping_malloc(size);
  if (!moved || !memory) return moved;
  size_t old = malloc_usable_size(memory);
  memcpy(moved, memory, old < size ? old : size);
  linux_wiping_free(memory);
  return moved;
}
