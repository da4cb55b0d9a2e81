// GNU extensions that tests need and Swift's Glibc module does not offer.
#pragma once
#include <spawn.h>
#include <stddef.h>

/// Opens the controlling side of a new pseudo-terminal and writes the other side's path to `name`; -1 on error.
int test_open_terminal(char *_Nonnull name, size_t size);

/// Gives the pseudo-terminal a window of so many characters (ioctl(2), TIOCSWINSZ); -1 on error.
int test_set_window_size(int terminal, unsigned short columns, unsigned short rows);

int test_spawn_changes_folder(posix_spawn_file_actions_t *_Nonnull actions, const char *_Nonnull folder);
int test_spawn_closes_from(posix_spawn_file_actions_t *_Nonnull actions, int first);

/// The flag by which the new process leads a session of its own.
short test_spawn_new_session(void);

/// Has the kernel refuse add_key(2), and with `reads` also keyctl(2), with `error` for this process and what it becomes,
/// as containers do (seccomp(2)); -1 on error.
int test_refuse_keys(int error, int reads);

/// Has two paths change places, in one step (renameat2(2), RENAME_EXCHANGE); -1 on error.
int test_exchange(const char *_Nonnull one, const char *_Nonnull other);

/// A host that getaddrinfo(3) of this process looks up for ever.
const char *_Nonnull test_held_host(void);
