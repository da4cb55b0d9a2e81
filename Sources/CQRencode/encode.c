#include "CLinux.h"
#include "CQRencode.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// What parent and child share: memory that is locked, in no core file, and wiped by the parent.
struct job {
  int width;
  int error;
  char text[LIBQRENCODE_TEXT_LIMIT + 1];
  unsigned char modules[LIBQRENCODE_WIDTH_LIMIT * LIBQRENCODE_WIDTH_LIMIT];
};

static struct job *begin(const void *text, size_t count) {
  struct job *job = mmap(NULL, sizeof *job, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (job == MAP_FAILED) return NULL;
  (void)mlock(job, sizeof *job);
  (void)madvise(job, sizeof *job, MADV_DONTDUMP);
  memcpy(job->text, text, count);
  return job;
}

static void end(struct job *job) {
  linux_wipe(job, sizeof *job);
  (void)munmap(job, sizeof *job);
}

static _Noreturn void encode(const struct libqrencode_functions *library, struct job *job) {
  // Its table of runs keeps digits and the seed's letters to 3.3 and 5.5 bits each; other characters take 8.
  QRcode *code = library->QRcode_encodeString(job->text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
  if (!code || code->width > LIBQRENCODE_WIDTH_LIMIT) {
    job->error = code ? ERANGE : errno;
    _exit(1);
  }
  // The lowest bit of a module is its colour; the others tell what it is there for.
  for (int i = 0; i < code->width * code->width; i++) job->modules[i] = code->data[i] & 1;
  job->width = code->width;
  _exit(0);
}

static int run(const struct libqrencode_functions *library, struct job *job) {
  // The child must not run our signal handlers, which would report each signal a second time.
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  pid_t child = fork();
  if (child == 0) encode(library, job);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  if (child < 0) return error;
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
  // A child that has left neither was killed.
  return job->width ? 0 : job->error ? job->error : EIO;
}

int libqrencode_encode(const struct libqrencode_functions *library, const void *text, size_t count,
                       unsigned char *modules) {
  if (count > LIBQRENCODE_TEXT_LIMIT) {
    errno = ERANGE;
    return -1;
  }
  struct job *job = begin(text, count);
  if (!job) return -1;
  int error = run(library, job), width = error ? -1 : job->width;
  if (!error) memcpy(modules, job->modules, (size_t)width * (size_t)width);
  end(job);
  errno = error;
  return width;
}
