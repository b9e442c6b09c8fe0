/* The functions of libc that change what is at a path, each of which asks decide.c first. */
#define _GNU_SOURCE
#include "fault.h"
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* Calls on one path. */

#define ON_PATH(NAME, CALL, FOLDER, PROTOTYPE, ARGUMENTS, FORMAT, ...) \
  int NAME PROTOTYPE { \
    char path[PATH_MAX], detail[64]; \
    absolute(FOLDER, file, path); \
    if (!is_below(path)) return REAL(NAME) ARGUMENTS; \
    snprintf(detail, sizeof detail, FORMAT, __VA_ARGS__); \
    RUN(int, CALL, path, "", detail, REAL(NAME) ARGUMENTS); \
  }
ON_PATH(unlink, "unlink", AT_FDCWD, (const char *file), (file), "%s", "")
ON_PATH(unlinkat, "unlink", folder, (int folder, const char *file, int flags), (folder, file, flags), "%s", "")
ON_PATH(remove, "unlink", AT_FDCWD, (const char *file), (file), "%s", "")
ON_PATH(rmdir, "rmdir", AT_FDCWD, (const char *file), (file), "%s", "")
ON_PATH(mkdir, "mkdir", AT_FDCWD, (const char *file, mode_t mode), (file, mode), " mode=%o", mode & 07777)
ON_PATH(chmod, "chmod", AT_FDCWD, (const char *file, mode_t mode), (file, mode), " mode=%o", mode & 07777)
ON_PATH(chown, "chown", AT_FDCWD, (const char *file, uid_t user, gid_t group), (file, user, group), "%s", "")
ON_PATH(lchown, "chown", AT_FDCWD, (const char *file, uid_t user, gid_t group), (file, user, group), "%s", "")
ON_PATH(truncate, "truncate", AT_FDCWD, (const char *file, off_t size), (file, size), " bytes=%jd", (intmax_t)size)
ON_PATH(utimensat, "utime", folder, (int folder, const char *file, const struct timespec times[2], int flags),
        (folder, file, times, flags), "%s", "")

char *mkdtemp(char *file) {
  char path[PATH_MAX];
  absolute(AT_FDCWD, file, path);
  if (!is_below(path)) return REAL(mkdtemp)(file);
  enum kind met = meet("mkdir", path, "", " mode=700");
  if (met == FAIL) return NULL;
  char *result = REAL(mkdtemp)(file);
  settle(met, !result);
  return result;
}

/* Calls on two paths, of which either may be below the directory. */

#define ON_TWO(NAME, CALL, FOLDER, TO_FOLDER, PROTOTYPE, ARGUMENTS) \
  int NAME PROTOTYPE { \
    char path[PATH_MAX], other[PATH_MAX]; \
    absolute(FOLDER, file, path); \
    absolute(TO_FOLDER, to, other); \
    if (!is_below(path) && !is_below(other)) return REAL(NAME) ARGUMENTS; \
    RUN(int, CALL, path, other, "", REAL(NAME) ARGUMENTS); \
  }
ON_TWO(rename, "rename", AT_FDCWD, AT_FDCWD, (const char *file, const char *to), (file, to))
ON_TWO(renameat, "rename", folder, target, (int folder, const char *file, int target, const char *to),
       (folder, file, target, to))
ON_TWO(link, "link", AT_FDCWD, AT_FDCWD, (const char *file, const char *to), (file, to))
ON_TWO(linkat, "link", folder, target, (int folder, const char *file, int target, const char *to, int flags),
       (folder, file, target, to, flags))

int symlink(const char *file, const char *to) {
  char path[PATH_MAX];
  absolute(AT_FDCWD, to, path);
  if (!is_below(path)) return REAL(symlink)(file, to);
  RUN(int, "symlink", file, path, "", REAL(symlink)(file, to));
}
