/* The functions of libc that open, write and close files, each of which asks decide.c first. */
#define _GNU_SOURCE
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* open, with the flags and the mode that a new file gets (less the umask). */

static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)); }

static void describe_open(int flags, mode_t mode, char *detail, size_t size) {
  int access = flags & O_ACCMODE;
  int length = snprintf(detail, size, "%s%s%s%s%s%s", access == O_WRONLY ? "write" : access == O_RDWR ? "read,write" : "read",
                        flags & O_CREAT ? ",create" : "", flags & O_EXCL ? ",exclusive" : "",
                        flags & O_TRUNC ? ",truncate" : "", flags & O_APPEND ? ",append" : "",
                        flags & O_NOFOLLOW ? ",nofollow" : "");
  if (flags & O_CREAT) snprintf(detail + length, size - length, " mode=%o", mode & 07777);
}

#define OPEN(NAME, PROTOTYPE, FOLDER, EXPRESSION) \
  int NAME PROTOTYPE { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    char path[PATH_MAX], detail[128]; \
    absolute(FOLDER, file, path); \
    if (!is_below(path) || !(changes(flags) || counts_reads)) return EXPRESSION; \
    describe_open(flags, mode, detail, sizeof detail); \
    RUN(int, "open", path, "", detail, EXPRESSION); \
  }
OPEN(open, (const char *file, int flags, ...), AT_FDCWD, REAL(open)(file, flags, mode))
OPEN(open64, (const char *file, int flags, ...), AT_FDCWD, REAL(open64)(file, flags, mode))
OPEN(openat, (int folder, const char *file, int flags, ...), folder, REAL(openat)(folder, file, flags, mode))
OPEN(openat64, (int folder, const char *file, int flags, ...), folder, REAL(openat64)(folder, file, flags, mode))

/* Writing: `HALF` is the call with fewer bytes. */

static size_t bytes_in(const struct iovec *parts, int number) {
  size_t size = 0;
  for (int i = 0; i < number; i++) size += parts[i].iov_len;
  return size;
}

static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

/* Half of the first part: a call may write fewer bytes than any of its parts holds. */
static struct iovec half_part(const struct iovec *parts) {
  return (struct iovec){.iov_base = parts->iov_base, .iov_len = half(parts->iov_len)};
}

#define WRITE(NAME, PROTOTYPE, SIZE, WHOLE, HALF) \
  ssize_t NAME PROTOTYPE { \
    char path[PATH_MAX], detail[64]; \
    path_of(descriptor, path); \
    if (!is_below(path)) return WHOLE; \
    snprintf(detail, sizeof detail, " bytes=%zu", (size_t)(SIZE)); \
    enum kind met = meet("write", path, "", detail); \
    if (met == FAIL) return -1; \
    ssize_t result = met == SHORT || met == SHORT_KILL ? HALF : WHOLE; \
    settle(met, result < 0); \
    return result; \
  }
#define PARTS(NAME, PROTOTYPE, REST) \
  WRITE(NAME, PROTOTYPE, bytes_in(parts, number), REAL(NAME)(descriptor, parts, number REST), \
        ({ struct iovec part = half_part(parts); REAL(NAME)(descriptor, &part, 1 REST); }))
#define COMMA ,
WRITE(write, (int descriptor, const void *bytes, size_t size), size, REAL(write)(descriptor, bytes, size),
      REAL(write)(descriptor, bytes, half(size)))
WRITE(pwrite, (int descriptor, const void *bytes, size_t size, off_t offset), size,
      REAL(pwrite)(descriptor, bytes, size, offset), REAL(pwrite)(descriptor, bytes, half(size), offset))
WRITE(pwrite64, (int descriptor, const void *bytes, size_t size, off64_t offset), size,
      REAL(pwrite64)(descriptor, bytes, size, offset), REAL(pwrite64)(descriptor, bytes, half(size), offset))
PARTS(writev, (int descriptor, const struct iovec *parts, int number), )
PARTS(pwritev, (int descriptor, const struct iovec *parts, int number, off_t offset), COMMA offset)
PARTS(pwritev64, (int descriptor, const struct iovec *parts, int number, off64_t offset), COMMA offset)

/* Calls on an open file. */

#define ON_FILE(NAME, CALL, PROTOTYPE, ARGUMENTS, FORMAT, ...) \
  int NAME PROTOTYPE { \
    char path[PATH_MAX], detail[64]; \
    path_of(descriptor, path); \
    if (!is_below(path)) return REAL(NAME) ARGUMENTS; \
    snprintf(detail, sizeof detail, FORMAT, __VA_ARGS__); \
    RUN(int, CALL, path, "", detail, REAL(NAME) ARGUMENTS); \
  }
ON_FILE(fsync, "fsync", (int descriptor), (descriptor), "%s", "")
ON_FILE(fdatasync, "fsync", (int descriptor), (descriptor), "%s", "")
ON_FILE(fchmod, "chmod", (int descriptor, mode_t mode), (descriptor, mode), " mode=%o", mode & 07777)
ON_FILE(fchown, "chown", (int descriptor, uid_t user, gid_t group), (descriptor, user, group), "%s", "")
ON_FILE(ftruncate, "truncate", (int descriptor, off_t size), (descriptor, size), " bytes=%jd", (intmax_t)size)
ON_FILE(ftruncate64, "truncate", (int descriptor, off64_t size), (descriptor, size), " bytes=%jd", (intmax_t)size)
ON_FILE(futimens, "utime", (int descriptor, const struct timespec times[2]), (descriptor, times), "%s", "")

/* Closes what was open for writing: the last chance to report that bytes are lost. It is closed even if this fails. */
static int meet_close(int descriptor, int (*real_close)(int)) {
  char path[PATH_MAX];
  path_of(descriptor, path);
  int flags = is_below(path) ? fcntl(descriptor, F_GETFL) : -1;
  if (flags < 0 || !changes(flags)) return real_close(descriptor);
  enum kind met = meet("close", path, "", "");
  int result = real_close(descriptor);
  settle(met, result < 0);
  if (met != FAIL) return result;
  errno = error_number;
  return -1;
}

int close(int descriptor) { return meet_close(descriptor, REAL(close)); }

/* libuv closes files by the system call's number: its uv__close_nocancel. */
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long);
  long d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_close) return meet_close((int)a, REAL(close));
  return REAL(syscall)(number, a, b, c, d, e, f);
}

/* Reading, if FAULT_READS is set. */

#define READ(NAME, PROTOTYPE, ARGUMENTS) \
  ssize_t NAME PROTOTYPE { \
    char path[PATH_MAX]; \
    if (!counts_reads) return REAL(NAME) ARGUMENTS; \
    path_of(descriptor, path); \
    if (!is_below(path)) return REAL(NAME) ARGUMENTS; \
    RUN(ssize_t, "read", path, "", "", REAL(NAME) ARGUMENTS); \
  }
READ(read, (int descriptor, void *bytes, size_t size), (descriptor, bytes, size))
READ(readv, (int descriptor, const struct iovec *parts, int number), (descriptor, parts, number))
READ(pread, (int descriptor, void *bytes, size_t size, off_t offset), (descriptor, bytes, size, offset))
READ(pread64, (int descriptor, void *bytes, size_t size, off64_t offset), (descriptor, bytes, size, offset))
