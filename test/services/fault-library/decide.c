/*
 * Loaded with LD_PRELOAD: logs and counts the calls that change files below one directory, and makes one of them fail.
 *
 *   FAULT_BELOW=DIR     the directory, without links in its path
 *   FAULT_AT=N          which call meets the fault, from 1; without it, or after the last call, nothing fails
 *   FAULT_KIND=KIND     ENOSPC or another name below: the call fails with it, and does nothing
 *                       short: a write takes half of the bytes; short-kill: and then the process is killed
 *                       kill-before, kill-after: the process is killed by SIGKILL right before or after the call
 *   FAULT_CALLS=A,B     counts only calls with these names
 *   FAULT_STICKY=1      all calls from FAULT_AT on meet the fault, as on a full disk
 *   FAULT_READS=1       counts opening for reading and reading, too
 *   FAULT_LOG=FILE      appends a line for each counted call; fault-library.ts says which fields it has
 *
 * Applies to the process it is loaded into, and not to those that it starts. The program must call libc for its file
 * operations: Node does, with UV_USE_IO_URING=0.
 */
#define _GNU_SOURCE
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static const struct { const char *name; int number; } ERRORS[] = {
  {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EIO", EIO}, {"EROFS", EROFS}, {"EACCES", EACCES}, {"EPERM", EPERM},
  {"ESTALE", ESTALE}, {"EXDEV", EXDEV}, {"EMLINK", EMLINK}, {"EMFILE", EMFILE}, {"EINVAL", EINVAL}, {"ENOENT", ENOENT},
  {"EOPNOTSUPP", EOPNOTSUPP}, {"EINTR", EINTR}, {"EFBIG", EFBIG}, {"ETXTBSY", ETXTBSY},
};

static char below[PATH_MAX];
static size_t below_length;
static long at;
static enum kind kind;
int error_number, counts_reads;
static int is_sticky;
static char only[256];
static int log_descriptor = -1;
static atomic_long count;
/* The number of the call that this thread is in. */
static __thread long current;

static void quit(const char *message) {
  dprintf(2, "fault-library: %s\n", message);
  _exit(120);
}

static enum kind kind_named(const char *name) {
  if (!strcmp(name, "")) return NONE;
  if (!strcmp(name, "short")) return SHORT;
  if (!strcmp(name, "short-kill")) return SHORT_KILL;
  if (!strcmp(name, "kill-before")) return KILL_BEFORE;
  if (!strcmp(name, "kill-after")) return KILL_AFTER;
  for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++) {
    if (strcmp(name, ERRORS[i].name)) continue;
    error_number = ERRORS[i].number;
    return FAIL;
  }
  quit("unknown FAULT_KIND");
  return NONE;
}

/* A variable's value, which the processes started by this one do not get. */
static void take(const char *name, char *value, size_t size) {
  const char *given = getenv(name);
  snprintf(value, size, "%s", given ? given : "");
  unsetenv(name);
}

__attribute__((constructor)) static void start(void) {
  char text[PATH_MAX];
  unsetenv("LD_PRELOAD");
  take("FAULT_BELOW", below, sizeof below);
  take("FAULT_CALLS", only, sizeof only);
  take("FAULT_AT", text, sizeof text);
  at = atol(text);
  take("FAULT_KIND", text, sizeof text);
  kind = kind_named(text);
  take("FAULT_STICKY", text, sizeof text);
  is_sticky = *text != 0;
  take("FAULT_READS", text, sizeof text);
  counts_reads = *text != 0;
  take("FAULT_LOG", text, sizeof text);
  if (*text && (log_descriptor = open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) quit("no FAULT_LOG");
  below_length = strlen(below);
}

void path_of(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = descriptor < 0 ? -1 : readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
}

/* A path in an open directory, /proc/self/fd/N/NAME: the directory's own path, and the name. */
static int is_in_descriptor(const char *given, char *path) {
  int descriptor, length = 0;
  if (sscanf(given, "/proc/self/fd/%d/%n", &descriptor, &length) != 1 || !length) return 0;
  char base[PATH_MAX];
  path_of(descriptor, base);
  return *base && snprintf(path, PATH_MAX, "%s/%s", base, given + length) < PATH_MAX;
}

void absolute(int folder, const char *given, char *path) {
  if (!given) given = "";
  if (is_in_descriptor(given, path)) return;
  if (*given == '/') {
    snprintf(path, PATH_MAX, "%s", given);
    return;
  }
  char base[PATH_MAX];
  if (folder == AT_FDCWD) {
    if (!getcwd(base, sizeof base)) *base = 0;
  } else path_of(folder, base);
  if (snprintf(path, PATH_MAX, "%s/%s", base, given) >= PATH_MAX) *path = 0;
}

int is_below(const char *path) {
  return below_length && !strncmp(path, below, below_length) && (!path[below_length] || path[below_length] == '/');
}

/* Whether a call with this name is counted: FAULT_CALLS names it, or is empty. */
static int is_counted(const char *call) {
  if (!*only) return 1;
  size_t length = strlen(call);
  for (const char *found = only; (found = strstr(found, call)); found += length)
    if ((found == only || found[-1] == ',') && (!found[length] || found[length] == ',')) return 1;
  return 0;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void write_log(const char *format, ...) {
  if (log_descriptor < 0) return;
  char line[2 * PATH_MAX + 256];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (write(log_descriptor, line, length) != length) quit("cannot write FAULT_LOG");
}

enum kind meet(const char *call, const char *path, const char *other, const char *detail) {
  if (!is_counted(call)) return NOT_COUNTED;
  int saved = errno;
  long number = atomic_fetch_add(&count, 1) + 1;
  int is_hit = kind != NONE && at > 0 && (number == at || (is_sticky && number > at));
  write_log("%ld\t%s\t%s\t%s\t%s\t%s\n", number, call, path, other, detail, is_hit ? "fault" : "");
  current = number;
  errno = saved;
  if (!is_hit) return NONE;
  if (kind == FAIL) errno = error_number;
  if (kind == KILL_BEFORE) die();
  return kind;
}

void settle(enum kind met, int has_failed) {
  int saved = errno;
  if (has_failed && met != NOT_COUNTED) write_log("%ld\tfailed\t%d\n", current, saved);
  if (met == KILL_AFTER || met == SHORT_KILL) die();
  errno = saved;
}
