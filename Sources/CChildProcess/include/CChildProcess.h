#ifndef CCHILDPROCESS_H
#define CCHILDPROCESS_H

#include <sys/types.h>
#include <sys/uio.h>

// What Swift's Glibc module leaves out: GNU extensions, and calls that need several steps to be free of races.
// Each function returns 0 (or a count) on success, and the value of errno, negated, on failure.

/// A pipe whose ends no child inherits by accident, with room for `capacity` bytes where the system allows it.
/// Both ends are numbered 3 or above, so that moving them to 0, 1 and 2 in a child overwrites neither.
int cchild_pipe(int *read_end, int *write_end, int capacity);

/// Starts a process that kills process groups as soon as this process is gone, in whatever way, SIGKILL included:
/// it waits for the end of a stream whose other end, `guardian`, this process alone holds.
int cchild_start_guardian(int *guardian);

/// Puts a process group into the guardian's care, or, negated, takes it out.
void cchild_tell_guardian(int guardian, pid_t message);

/// Starts `arguments[0]`, searched on the PATH, in a process group of its own in a guardian's care, with exactly three
/// descriptors open, every signal at its default action and none blocked, and this process's environment.
///
/// `setting`, NAME=VALUE, is added to the environment unless it has that name.
int cchild_spawn(char *const arguments[], char *setting, int input, int output, int errors, int guardian,
                 pid_t *child);

/// Whether a child has exited; it stays a zombie, so that its number and its group's remain taken.
int cchild_has_exited(pid_t child);

/// `writev`, without SIGPIPE: a pipe that nobody reads gives -EPIPE.
ssize_t cchild_write(int descriptor, const struct iovec *pieces, int count);

/// The name of a signal without its SIG, or NULL.
const char *cchild_signal_name(int signal);

#endif
