#ifndef CONFINEMENT_H
#define CONFINEMENT_H

#include <stdint.h>

// What a child may do and what not, decided by itself before it executes a program: Landlock (Linux,
// Documentation/userspace-api/landlock) and seccomp. Nobody can take it back, and all that it starts is bound by it.

/// A path that a confined program may use, with all that lies beneath it.
typedef struct cconfine_path {
    const char *path;
    /// Whether it may be written to, as devices are; otherwise it is read and executed.
    int is_writable;
} cconfine_path;

/// What the system can keep a program from.
enum {
    /// From files, but for those that are named.
    cconfine_files = 1,
    /// From sockets, and with them the network.
    cconfine_network = 2,
    /// From other processes: from starting any, and from looking into those of others.
    cconfine_processes = 4,
    /// From signals to other processes.
    cconfine_signals = 8,
    cconfine_everything = 15
};

/// Which of these the system can do.
int cconfine_available(void);

/// Confines the calling process as far as the system can. May be called between `vfork` and `exec`.
///
/// Returns 0, or the negated value of `errno` where what is available fails.
int cconfine(const cconfine_path *paths, int count);

#endif
