/* What decide.c tells open-files.c and paths.c. */
#ifndef FAULT_H
#define FAULT_H

#include <dlfcn.h>

enum kind { NOT_COUNTED, NONE, FAIL, SHORT, SHORT_KILL, KILL_BEFORE, KILL_AFTER };

/* Nothing of it is seen by the program that the library is loaded into. */
#pragma GCC visibility push(hidden)

/* What a call that fails sets errno to. */
extern int error_number;
/* Whether opening for reading and reading count. */
extern int counts_reads;

/* The path of an open file; empty if it has none. `path` has room for PATH_MAX. */
void path_of(int descriptor, char *path);

/* The absolute path that a call such as openat means. */
void absolute(int folder, const char *given, char *path);

int is_below(const char *path);

/*
 * Counts and logs a call. Returns what is to happen to it: FAIL, with errno set; SHORT and SHORT_KILL; KILL_AFTER; NONE or
 * NOT_COUNTED.
 * `other` is a second path; `detail` holds flags, mode and size, as the log has them.
 */
enum kind meet(const char *call, const char *path, const char *other, const char *detail);

/* Logs how the call ended if it failed, and kills the process if it is to be. Leaves errno as it is. */
void settle(enum kind met, int has_failed);

#pragma GCC visibility pop

/* The function of libc that this one stands in front of. */
#define REAL(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

/* A call that is met before, and may be the last one. */
#define RUN(TYPE, CALL, PATH, OTHER, DETAIL, EXPRESSION) \
  do { \
    enum kind met = meet(CALL, PATH, OTHER, DETAIL); \
    if (met == FAIL) return -1; \
    TYPE result = EXPRESSION; \
    settle(met, result < 0); \
    return result; \
  } while (0)

#endif
