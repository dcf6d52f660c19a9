#ifndef CCHILDPROCESS_H
#define CCHILDPROCESS_H

#include <sys/types.h>
#include <sys/uio.h>

// What Swift's Glibc module leaves out: GNU extensions, and calls that need several steps to be free of races.
// Each function returns 0 (or a count) on success, and the value of errno, negated, on failure.

/// A pipe whose ends no child inherits by accident, with room for `capacity` bytes where the system allows it.
/// Both ends are numbered 3 or above, so that moving them to 0, 1 and 2 in a child overwrites neither.
int cchild_pipe(int *read_end, int *write_end, int capacity);

/// Starts `arguments[0]`, searched on the PATH, in a process group of its own, with exactly three descriptors open,
/// every signal at its default action and none blocked.
int cchild_spawn(char *const arguments[], int input, int output, int errors, pid_t *child);

/// Whether a child has exited; it stays a zombie, so that its number and its group's remain taken.
int cchild_has_exited(pid_t child);

/// `writev`, without SIGPIPE: a pipe that nobody reads gives -EPIPE.
ssize_t cchild_write(int descriptor, const struct iovec *pieces, int count);

/// The name of a signal without its SIG, or NULL.
const char *cchild_signal_name(int signal);

#endif
