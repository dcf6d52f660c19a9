#define _GNU_SOURCE
#include "CChildProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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

static int has_name_of(const char *variable, const char *setting) {
    return strncmp(variable, setting, strcspn(setting, "=") + 1) == 0;
}

// The environment without what is hidden or replaced, with the replacements and one more setting, unless that is there
// already. The caller frees the list, not its strings.
static char **environment_for(const cchild_start *start) {
    size_t count = 0, added = 0, kept = 0, hidden_name = strlen(start->hidden);
    int is_set = 0;
    while (environ[count] != NULL) count++;
    while (start->replacements[added] != NULL) added++;
    char **list = malloc((count + added + 2) * sizeof *list);
    if (list == NULL) return NULL;
    for (size_t i = 0; i < count; i++) {
        int is_gone = strncmp(environ[i], start->hidden, hidden_name) == 0 && environ[i][hidden_name] == '=';
        for (size_t j = 0; j < added; j++) is_gone |= has_name_of(environ[i], start->replacements[j]);
        if (is_gone) continue;
        is_set |= has_name_of(environ[i], start->setting);
        list[kept++] = environ[i];
    }
    for (size_t j = 0; j < added; j++) list[kept++] = start->replacements[j];
    if (!is_set) list[kept++] = start->setting;
    list[kept] = NULL;
    return list;
}

// Where memory runs out, the system is to end an engine, and not the program that judges it.
static void offer_memory(pid_t child) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", child);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    (void)!write(file, "1000", 4);
    close(file);
}

// The child's side, which shares the parent's memory until it executes: nothing here may allocate or take a lock.
static int execute(const cchild_start *start, char *const environment[]) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
    if (setpgid(0, 0) < 0) return errno;
    // Before anything of the engine runs, so that there is no moment in which it could be left behind.
    cchild_tell_guardian(start->guardian, getpid());
    int count = start->descriptor_count, raised[cchild_most_descriptors];
    if (count > cchild_most_descriptors) return EINVAL;
    // First out of the way, so that none is overwritten before its turn.
    for (int i = 0; i < count; i++) {
        raised[i] = fcntl(start->descriptors[i], F_DUPFD, count);
        if (raised[i] < 0) return errno;
    }
    for (int i = 0; i < count; i++) {
        if (dup2(raised[i], i) < 0) return errno;
    }
    // Other parts of this process open files without close-on-exec; an engine must not find the golden data open.
    closefrom(count);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (start->is_confined) {
        int status = cconfine(start->paths, start->path_count, start->may_compile);
        if (status < 0) return -status;
    }
    execvpe(start->arguments[0], start->arguments, environment);
    return errno;
}

int cchild_spawn(const cchild_start *start, pid_t *child) {
    char **environment = environment_for(start);
    if (environment == NULL) return -ENOMEM;
    // No handler of this process may run in the child while both share their memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    volatile int error = 0;
    // posix_spawn could not tell the guardian, and fork would copy the tables of a large process each time.
    pid_t pid = vfork();
    if (pid == 0) {
        error = execute(start, environment);
        _exit(127);
    }
    if (pid < 0) error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(environment);
    if (pid > 0 && error != 0) {
        cchild_tell_guardian(start->guardian, -pid);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    if (error != 0) return -error;
    offer_memory(pid);
    *child = pid;
    return 0;
}

int cchild_shared_memory(void) {
    int memory = memfd_create("tensors", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0) return -errno;
    // Whoever maps it would be killed where the other side made it smaller.
    if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) < 0) {
        int error = errno;
        close(memory);
        return -error;
    }
    int status = raise_above_standard(&memory);
    if (status < 0) close(memory);
    return status < 0 ? status : memory;
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

void cchild_hide_memory(void) {
    // Nobody but root looks into it from now on, or attaches to it.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
