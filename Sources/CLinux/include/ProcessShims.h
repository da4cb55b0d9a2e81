// What a process inherits and hands on: signal dispositions, privileges.
#pragma once
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Whether the program runs with more rights than the user who started it (getauxval(3), AT_SECURE).
static inline bool linux_runs_elevated(void) {
  return getauxval(AT_SECURE) != 0 || geteuid() != getuid() || getegid() != getgid();
}

/// Whether `signal` is ignored; false also if it has no disposition to ask for.
static inline bool linux_signal_is_ignored(int signal) {
  struct sigaction action;
  return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static inline int linux_ignore_signal(int signal) {
  struct sigaction action = {.sa_handler = SIG_IGN};
  return sigaction(signal, &action, NULL);
}

static inline int linux_reset_signal(int signal) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  return sigaction(signal, &action, NULL);
}

/// A pipe whose ends, reading and writing, do not block and are closed by execve(2) (pipe2(2)).
int linux_open_pipe(int *_Nonnull ends);

/// A handler that writes each signal's number as one byte to `descriptor`; -1 for none. One at a time per process;
/// returns the one before.
int linux_note_signals_to(int descriptor);

/// Has `signal` noted where `linux_note_signals_to` says, without restarting the call it interrupts.
int linux_note_signal(int signal);

/// A descriptor that becomes readable when process `pid` ends (pidfd_open(2)).
static inline int linux_open_process(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
