#define _GNU_SOURCE
#include "Confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// As <linux/landlock.h> has it; older systems build this with headers that lack the later part.
struct ruleset_attributes {
    uint64_t handled_files, handled_network, scoped;
};

struct __attribute__((packed)) path_rule {
    uint64_t allowed;
    int32_t parent;
};

#define FILES_EXECUTE (1ULL << 0)
#define FILES_WRITE (1ULL << 1)
#define FILES_READ (1ULL << 2)
#define FILES_LIST (1ULL << 3)
#define FILES_ALL_OF_1 ((1ULL << 13) - 1)
#define FILES_REFER (1ULL << 13)
#define FILES_TRUNCATE (1ULL << 14)
#define FILES_DEVICE_CONTROL (1ULL << 15)
#define NETWORK_TCP 3ULL
#define SCOPE_ABSTRACT_SOCKETS (1ULL << 0)
#define SCOPE_SIGNALS (1ULL << 1)
#define RULE_PATH 1
#define VERSION_REQUEST 1U

enum { create_ruleset = 444, add_rule = 445, restrict_self = 446 };

static int landlock_version(void) {
    long version = syscall(create_ruleset, NULL, (size_t)0, VERSION_REQUEST);
    return version < 0 ? 0 : (int)version;
}

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

int cconfine_available(void) {
    int available = 0, version = landlock_version();
    if (version >= 1) available |= cconfine_files;
    if (version >= 6) available |= cconfine_signals;
#ifdef THIS_ARCHITECTURE
    // EFAULT: it is there, and has looked for its argument.
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT) {
        available |= cconfine_network | cconfine_processes;
    }
#endif
    return available;
}

static uint64_t handled_files(int version) {
    uint64_t files = FILES_ALL_OF_1;
    if (version >= 2) files |= FILES_REFER;
    if (version >= 3) files |= FILES_TRUNCATE;
    if (version >= 5) files |= FILES_DEVICE_CONTROL;
    return files;
}

static int allow(int ruleset, const cconfine_path *path, int version) {
    int place = open(path->path, O_PATH | O_CLOEXEC);
    // What is not there needs no permission.
    if (place < 0) return 0;
    struct stat status;
    uint64_t rights = FILES_EXECUTE | FILES_READ | FILES_LIST;
    if (path->is_writable) rights |= FILES_WRITE | (version >= 5 ? FILES_DEVICE_CONTROL : 0);
    if (fstat(place, &status) == 0 && !S_ISDIR(status.st_mode)) rights &= ~FILES_LIST;
    struct path_rule rule = {rights, place};
    int error = syscall(add_rule, ruleset, RULE_PATH, &rule, 0U) < 0 ? errno : 0;
    close(place);
    return -error;
}

static int confine_files(const cconfine_path *paths, int count, int version) {
    struct ruleset_attributes attributes = {handled_files(version), 0, 0};
    size_t size = sizeof attributes.handled_files;
    if (version >= 4) {
        attributes.handled_network = NETWORK_TCP;
        size = offsetof(struct ruleset_attributes, scoped);
    }
    if (version >= 6) {
        attributes.scoped = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
        size = sizeof attributes;
    }
    int ruleset = (int)syscall(create_ruleset, &attributes, size, 0U);
    if (ruleset < 0) return -errno;
    int status = 0;
    for (int i = 0; i < count && status == 0; i++) status = allow(ruleset, &paths[i], version);
    if (status == 0 && syscall(restrict_self, ruleset, 0U) < 0) status = -errno;
    close(ruleset);
    return status;
}

#ifdef THIS_ARCHITECTURE
#define DENY(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

static int confine_calls(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__)
        // The calls of x32 are the same ones under other numbers.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        DENY(SYS_fork),
        DENY(SYS_vfork),
#endif
        DENY(SYS_socket),
        DENY(SYS_connect),
        DENY(SYS_bind),
        DENY(SYS_ptrace),
        DENY(SYS_process_vm_readv),
        DENY(SYS_process_vm_writev),
        DENY(438 /* pidfd_getfd */),
        DENY(SYS_kcmp),
        DENY(SYS_perf_event_open),
        DENY(SYS_bpf),
        DENY(SYS_userfaultfd),
        DENY(SYS_add_key),
        DENY(SYS_request_key),
        DENY(SYS_keyctl),
        DENY(SYS_mount),
        DENY(SYS_umount2),
        DENY(SYS_unshare),
        DENY(SYS_setns),
        DENY(SYS_pivot_root),
        DENY(SYS_chroot),
        DENY(SYS_open_by_handle_at),
        DENY(425 /* io_uring_setup */),
        DENY(SYS_msgget),
        DENY(SYS_shmget),
        DENY(SYS_semget),
        DENY(SYS_mq_open),
        // The C library goes on with clone, whose flags can be looked at.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 435 /* clone3 */, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        // Threads, and no processes.
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? -errno : 0;
}
#endif

int cconfine(const cconfine_path *paths, int count) {
    int available = cconfine_available(), status = 0;
    // Neither may be escaped by a program that runs as its owner.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    if (available & cconfine_files) status = confine_files(paths, count, landlock_version());
#ifdef THIS_ARCHITECTURE
    if (status == 0 && available & cconfine_network) status = confine_calls();
#endif
    return status;
}
