#include "CLinux.h"
#include <fcntl.h>

static volatile sig_atomic_t note_descriptor = -1;

int linux_note_signals_to(int descriptor) {
  int previous = note_descriptor;
  note_descriptor = descriptor;
  return previous;
}

int linux_open_pipe(int *ends) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK); }

static void note(int signal) {
  int saved = errno;
  unsigned char number = (unsigned char)signal;
  // A full pipe already holds more signals than anyone will act on.
  if (note_descriptor >= 0) (void)!write(note_descriptor, &number, 1);
  errno = saved;
}

// A fault of our own happens again as soon as the handler returns, and then has to end us.
static int flags_of(int signal) {
  switch (signal) {
    case SIGILL: case SIGTRAP: case SIGABRT: case SIGBUS: case SIGFPE: case SIGSEGV: case SIGSYS: return SA_RESETHAND;
    default: return 0;
  }
}

int linux_note_signal(int signal) {
  struct sigaction action = {.sa_handler = note, .sa_flags = flags_of(signal)};
  return sigaction(signal, &action, NULL);
}

// What Swift's runtime calls before main to find its crash reporter (see noCrashReporter in Package.swift): there is none.
const char *__wrap_swift_copyAuxiliaryExecutablePath(const char *name);
const char *__wrap_swift_copyAuxiliaryExecutablePath(const char *name) {
  (void)name;
  return NULL;
}
