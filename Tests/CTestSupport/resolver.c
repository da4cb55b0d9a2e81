#include "CTestSupport.h"
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

const char *test_held_host(void) { return "held.test"; }

// Stands before libc's for every library of the program.
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  if (node && !strcmp(node, test_held_host())) {
    // Longer than anybody waits: who waits for ever is to fail, not to hang.
    for (int seconds = 0; seconds < 60; seconds++) sleep(1);
    return EAI_AGAIN;
  }
  int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
  return next(node, service, hints, result);
}
