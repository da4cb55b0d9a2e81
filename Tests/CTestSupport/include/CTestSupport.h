// GNU extensions that tests need and Swift's Glibc module does not offer.
#pragma once
#include <spawn.h>
#include <stddef.h>

/// Opens the controlling side of a new pseudo-terminal and writes the other side's path to `name`; -1 on error.
int test_open_terminal(char *_Nonnull name, size_t size);

int test_resize_terminal(int terminal, unsigned short rows, unsigned short columns);

int test_spawn_changes_folder(posix_spawn_file_actions_t *_Nonnull actions, const char *_Nonnull folder);
int test_spawn_closes_from(posix_spawn_file_actions_t *_Nonnull actions, int first);

/// The flag by which the new process leads a session of its own.
short test_spawn_new_session(void);
