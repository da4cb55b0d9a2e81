// Linux calls that Swift's Glibc module does not offer: variadic functions, GNU extensions, and opening libraries.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include "KernelKeys.h"
#include "ProcessShims.h"

/// Fills `table`, which holds `count` function pointers and nothing else, with the functions `names` of the shared
/// library `file`. Returns false if the library or one of them is missing; the library stays open for good.
bool linux_load_library(const char *_Nonnull file, const char *_Nonnull const *_Nonnull names, size_t count,
                        void *_Nonnull table);

/// Defines `LIBRARY_load`, and the table `functions` that it fills when it opens the library `file`.
#define LINUX_NAME(name) #name,
#define LINUX_LIBRARY(library, file, FUNCTIONS)                                                                \
  static const char *const names[] = {FUNCTIONS(LINUX_NAME)};                                                  \
  static struct library##_functions functions;                                                                 \
  const struct library##_functions *library##_load(void) {                                                     \
    return linux_load_library(file, names, sizeof names / sizeof *names, &functions) ? &functions : NULL;      \
  }

/// Overwrites memory in a way the compiler may not leave out (explicit_bzero(3)).
static inline void linux_wipe(void *_Nonnull memory, size_t count) { explicit_bzero(memory, count); }

/// An allocator for libraries that secrets pass through: it wipes what is freed, and keeps the longer pieces, which
/// may hold tokens, out of swap (mlock(2)).
void *_Nullable linux_wiping_malloc(size_t size);
void *_Nullable linux_wiping_calloc(size_t count, size_t size);
void *_Nullable linux_wiping_realloc(void *_Nullable memory, size_t size);
char *_Nullable linux_wiping_strdup(const char *_Nonnull text);
void linux_wiping_free(void *_Nullable memory);

/// Makes /proc/self unreadable for others and refuses ptrace and core files (prctl(2), PR_SET_DUMPABLE).
static inline int linux_set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int linux_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

/// How many columns and rows `terminal` has (ioctl(2), TIOCGWINSZ); zeros if it does not know.
static inline int linux_window_size(int terminal, struct winsize *_Nonnull size) {
  return ioctl(terminal, TIOCGWINSZ, size);
}

/// The effective user of the process that listens at the other end of a connected AF_UNIX socket (unix(7), SO_PEERCRED).
int linux_peer_user(int descriptor, uid_t *_Nonnull user);

/// The flag that gives the spawned process a session of its own, without a terminal (POSIX_SPAWN_SETSID).
short linux_spawn_new_session(void);

/// Has the spawned process close `first` and all descriptors above it (posix_spawn_file_actions_addclosefrom_np(3)).
int linux_spawn_close_from(posix_spawn_file_actions_t *_Nonnull actions, int first);

/// The fcntl(2) command that sets how many bytes a pipe holds (F_SETPIPE_SZ).
extern const int linux_set_pipe_size;

/// One end of a connection by IPv4, in network byte order.
struct linux_tcp_end {
  uint32_t address;
  uint16_t port;
};

/// The user whose process has the end `client` of the TCP connection to `server`, on this machine (sock_diag(7)). Returns
/// -1 with errno on failure, ENOENT if there is none.
int linux_tcp_client_user(struct linux_tcp_end client, struct linux_tcp_end server, uid_t *_Nonnull user);
