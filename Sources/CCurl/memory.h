// An allocator that wipes what it frees.
#pragma once
#include <stddef.h>

void *wiping_malloc(size_t size);
void wiping_free(void *memory);
void *wiping_realloc(void *memory, size_t size);
char *wiping_strdup(const char *text);
void *wiping_calloc(size_t count, size_t size);
