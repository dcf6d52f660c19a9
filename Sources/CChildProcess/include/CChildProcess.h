#ifndef CCHILDPROCESS_H
#define CCHILDPROCESS_H

#include "Confinement.h"
#include "MemoryGuard.h"

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

/// Puts a folder into the guardian's care, which removes it with all that lies in it, or takes it out where it is gone.
int cchild_tell_guardian_folder(int guardian, const char *path, int is_gone);

/// A program that is to be started.
typedef struct cchild_start {
    /// The program, searched on the PATH, and its arguments, ended by NULL.
    char *const *arguments;
    /// NAME=VALUE, added to the environment unless it has that name.
    char *setting;
    /// The same, in the place of what has that name; ended by NULL.
    char *const *replacements;
    /// A name that the environment is not to have.
    const char *hidden;
    /// What the child has as its descriptors 0, 1, 2 and so on; it has no other.
    const int *descriptors;
    int descriptor_count;
    /// The stream to the guardian.
    int guardian;
    /// What it may use where it is confined; see ``cconfine``.
    const cconfine_path *paths;
    int path_count;
    int is_confined;
    /// Whether it may start compilers though it is confined.
    int may_compile;
} cchild_start;

/// The most descriptors of a child.
enum { cchild_most_descriptors = 8 };

/// Starts a program in a process group of its own in a guardian's care, with exactly the given descriptors open, every signal
/// at its default action and none blocked, and this process's environment but for what is said.
int cchild_spawn(const cchild_start *start, pid_t *child);

/// A file without a name, in memory and empty, which may grow but not shrink; its number, 3 or above.
int cchild_shared_memory(void);

/// Whether a child has exited; it stays a zombie, so that its number and its group's remain taken.
int cchild_has_exited(pid_t child);

/// `writev`, without SIGPIPE: a pipe that nobody reads gives -EPIPE.
ssize_t cchild_write(int descriptor, const struct iovec *pieces, int count);

/// Keeps other processes of the same user from this one's memory.
void cchild_hide_memory(void);

/// The name of a signal without its SIG, or NULL.
const char *cchild_signal_name(int signal);

#endif
