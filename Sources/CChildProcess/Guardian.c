#define _GNU_SOURCE
#include "CChildProcess.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// More than there are children at a time: a run has at most 1024 jobs.
enum { most_groups = 4096 };

static pid_t groups[most_groups];
static int group_count;

// What is to be removed with them.
enum { most_folders = 2048, most_path = 256 };

static char folders[most_folders][most_path];
static int folder_count;

// A path, behind a + or a -.
static void note_folder(const char *message) {
    for (int i = 0; i < folder_count; i++) {
        if (strcmp(folders[i], message + 1) == 0) {
            strcpy(folders[i], folders[--folder_count]);
            return;
        }
    }
    if (*message == '+' && folder_count < most_folders) strcpy(folders[folder_count++], message + 1);
}

static void remove_folders(void) {
    static char *words[most_folders + 4] = {"rm", "-rf", "--"};
    if (folder_count == 0) return;
    for (int i = 0; i < folder_count; i++) words[3 + i] = folders[i];
    char *nothing[] = {NULL};
    execve("/bin/rm", words, nothing);
}

static void note(pid_t message) {
    for (int i = 0; i < group_count; i++) {
        if (groups[i] == -message) {
            groups[i] = groups[--group_count];
            return;
        }
    }
    if (message > 0 && group_count < most_groups) groups[group_count++] = message;
}

// Runs in a copy of one thread of a program with many: nothing here may allocate or take a lock.
static void guard(int messages) {
    setsid();
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    prctl(PR_SET_NAME, "engine-guardian");
    (void)!chdir("/");
    if (dup2(messages, STDIN_FILENO) < 0) _exit(1);
    closefrom(STDIN_FILENO + 1);
    while (1) {
        char message[1 + most_path];
        ssize_t length = recv(STDIN_FILENO, message, sizeof message, 0);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) break;
        pid_t group;
        if (length != sizeof group) {
            message[length - 1] = 0;
            note_folder(message);
            continue;
        }
        memcpy(&group, message, sizeof group);
        note(group);
    }
    for (int i = 0; i < group_count; i++) {
        kill(-groups[i], SIGKILL);
        // The leader may have moved to a group of its own choice.
        kill(groups[i], SIGKILL);
    }
    remove_folders();
    _exit(0);
}

int cchild_start_guardian(int *guardian) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
    pid_t child = fork();
    if (child == 0) guard(ends[1]);
    int error = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return -error;
    }
    *guardian = ends[0];
    return 0;
}

void cchild_tell_guardian(int guardian, pid_t message) {
    // Where the guardian is gone, there is nobody to tell, and the engine runs unguarded.
    while (send(guardian, &message, sizeof message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

int cchild_tell_guardian_folder(int guardian, const char *path, int is_gone) {
    char message[1 + most_path];
    int length = snprintf(message, sizeof message, "%c%s", is_gone ? '-' : '+', path);
    // As long as a group's number it cannot be: it begins with a slash, and has a name of its own.
    if (length >= (int)sizeof message) return -ENAMETOOLONG;
    while (send(guardian, message, (size_t)length + 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
    return 0;
}
