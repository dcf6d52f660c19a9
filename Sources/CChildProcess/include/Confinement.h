#ifndef CONFINEMENT_H
#define CONFINEMENT_H

#include <stdint.h>

// What a child may do and what not, decided by itself before it executes a program: Landlock (Linux,
// Documentation/userspace-api/landlock) and seccomp. Nobody can take it back, and all that it starts is bound by it.

/// A path that a confined program may use, with all that lies beneath it.
typedef struct cconfine_path {
    const char *path;
    int use;
} cconfine_path;

/// How a path may be used.
enum {
    /// It is read and executed.
    cconfine_read = 0,
    /// It is written to, as devices are.
    cconfine_write = 1,
    /// A folder in which files are made and removed.
    cconfine_scratch = 2
};

/// What the system can keep a program from.
enum {
    /// From files, but for those that are named.
    cconfine_files = 1,
    /// From sockets, and with them the network.
    cconfine_network = 2,
    /// From other processes: from looking into those of others, and from starting any but those of compilers.
    cconfine_processes = 4,
    /// From signals to other processes.
    cconfine_signals = 8,
    cconfine_everything = 15
};

/// Which of these the system can do, for a program that may start compilers or not.
int cconfine_available(int may_compile);

/// Confines the calling process as far as the system can. May be called between `vfork` and `exec`.
///
/// A program that may compile starts others, which are bound like itself and stay in its process group.
///
/// Returns 0, or the negated value of `errno` where what is available fails.
int cconfine(const cconfine_path *paths, int count, int may_compile);

#endif
