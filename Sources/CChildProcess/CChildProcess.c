#define _GNU_SOURCE
#include "CChildProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int raise_above_standard(int *descriptor) {
    if (*descriptor > STDERR_FILENO) return 0;
    int raised = fcntl(*descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (raised < 0) return -errno;
    close(*descriptor);
    *descriptor = raised;
    return 0;
}

int cchild_pipe(int *read_end, int *write_end, int capacity) {
    int ends[2];
    // Set at creation: between a pipe() and an fcntl() another thread could start a child that keeps the pipe open.
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    int status = raise_above_standard(&ends[0]);
    if (status == 0) status = raise_above_standard(&ends[1]);
    if (status < 0) {
        close(ends[0]);
        close(ends[1]);
        return status;
    }
    // Refused above /proc/sys/fs/pipe-max-size or the user's total; a smaller pipe is slower and nothing else.
    (void)fcntl(ends[1], F_SETPIPE_SZ, capacity);
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

int cchild_spawn(char *const arguments[], int input, int output, int errors, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int status = posix_spawn_file_actions_init(&actions);
    if (status != 0) return -status;
    status = posix_spawnattr_init(&attributes);
    if (status != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -status;
    }

    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if (status == 0) status = posix_spawnattr_setflags(&attributes, flags);
    if (status == 0) status = posix_spawnattr_setpgroup(&attributes, 0);
    if (status == 0) status = posix_spawnattr_setsigdefault(&attributes, &all);
    if (status == 0) status = posix_spawnattr_setsigmask(&attributes, &none);
    if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    // Other parts of this process open files without close-on-exec; an engine must not find the golden data open.
    if (status == 0) status = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (status == 0) status = posix_spawnp(child, arguments[0], &actions, &attributes, arguments, environ);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -status;
}

int cchild_has_exited(pid_t child) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return -errno;
    return info.si_pid != 0;
}

ssize_t cchild_write(int descriptor, const struct iovec *pieces, int count) {
    sigset_t pipe_signal, pending, before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    // A SIGPIPE that was pending before is somebody else's to receive.
    sigpending(&pending);
    int was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);

    ssize_t written = writev(descriptor, pieces, count);
    int error = errno;

    if (written < 0 && error == EPIPE && !was_pending) {
        struct timespec at_once = {0, 0};
        while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return written < 0 ? -error : written;
}

const char *cchild_signal_name(int signal) {
    return sigabbrev_np(signal);
}
