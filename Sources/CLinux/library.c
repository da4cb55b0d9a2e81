#include "CLinux.h"
#include <dlfcn.h>
#include <sys/socket.h>

bool linux_load_library(const char *file, const char *const *names, size_t count, void *table) {
  void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (!library) return false;
  for (size_t i = 0; i < count; i++) {
    void *function = dlsym(library, names[i]);
    if (!function) return false;
    memcpy((char *)table + i * sizeof function, &function, sizeof function);
  }
  return true;
}

int linux_peer_user(int descriptor, uid_t *user) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
  *user = peer.uid;
  return 0;
}

int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

short linux_spawn_new_session(void) { return POSIX_SPAWN_SETSID; }
