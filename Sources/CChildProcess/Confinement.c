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
// Character devices, sockets, block devices.
#define FILES_MAKE_DEVICES (1ULL << 6 | 1ULL << 9 | 1ULL << 11)
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

int cconfine_available(int may_compile) {
    int available = 0, version = landlock_version();
    if (version >= 1) available |= cconfine_files;
    if (version >= 6) available |= cconfine_signals;
#ifdef THIS_ARCHITECTURE
    // EFAULT: it is there, and has looked for its argument.
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT) {
        available |= cconfine_network | cconfine_processes;
        // A program that starts others may signal them, and only Landlock tells them from the rest.
        if (!may_compile) available |= cconfine_signals;
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
    if (path->use == cconfine_write) rights |= FILES_WRITE | FILES_DEVICE_CONTROL;
    if (path->use == cconfine_scratch) rights = ~(FILES_MAKE_DEVICES | FILES_DEVICE_CONTROL);
    rights &= handled_files(version);
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
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

// A filter that is built on the stack: nothing here may allocate.
enum { most_steps = 256 };
typedef struct filter {
    struct sock_filter steps[most_steps];
    unsigned short count;
} filter;

static void step(filter *f, unsigned short code, uint32_t operand, uint8_t if_so, uint8_t if_not) {
    // One too many is one that the kernel refuses.
    if (f->count < most_steps) f->steps[f->count] = (struct sock_filter){code, if_so, if_not, operand};
    f->count++;
}

static void load(filter *f, size_t place) { step(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)place, 0, 0); }
static void answer(filter *f, uint32_t action) { step(f, BPF_RET | BPF_K, action, 0, 0); }
static void load_number(filter *f) { load(f, offsetof(struct seccomp_data, nr)); }
static void skip_unless(filter *f, long number, uint8_t steps) { step(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, steps); }

// The call does nothing, and returns an error; 0 is none.
static void deny(filter *f, long number, uint32_t error) {
    skip_unless(f, number, 1);
    answer(f, SECCOMP_RET_ERRNO | error);
}

// The lower half of an argument; both ends of it are little endian.
static size_t argument(int place) { return offsetof(struct seccomp_data, args) + (size_t)place * sizeof(uint64_t); }

static void deny_where(filter *f, long number, int place, uint32_t value) {
    skip_unless(f, number, 4);
    load(f, argument(place));
    skip_unless(f, (long)value, 1);
    answer(f, SECCOMP_RET_ERRNO | EPERM);
    load_number(f);
}

static void deny_unless(filter *f, long number, int place, uint32_t value, uint32_t other) {
    skip_unless(f, number, 5);
    load(f, argument(place));
    step(f, BPF_JMP | BPF_JEQ | BPF_K, value, 2, 0);
    step(f, BPF_JMP | BPF_JEQ | BPF_K, other, 1, 0);
    answer(f, SECCOMP_RET_ERRNO | EPERM);
    load_number(f);
}

static void deny_flags(filter *f, long number, int place, uint32_t flags) {
    skip_unless(f, number, 4);
    load(f, argument(place));
    step(f, BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1);
    answer(f, SECCOMP_RET_ERRNO | EPERM);
    load_number(f);
}

// Threads, and no processes.
static void deny_processes(filter *f) {
#if defined(__x86_64__)
    deny(f, SYS_fork, EPERM);
    deny(f, SYS_vfork, EPERM);
#endif
    skip_unless(f, SYS_clone, 4);
    load(f, argument(0));
    step(f, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
    answer(f, SECCOMP_RET_ERRNO | EPERM);
    load_number(f);
}

// Signals to itself, and to no other process.
static void deny_signals(filter *f) {
    uint32_t own = (uint32_t)getpid();
    deny_unless(f, SYS_kill, 0, own, own);
    deny_unless(f, SYS_tgkill, 0, own, own);
    deny_unless(f, SYS_rt_sigqueueinfo, 0, own, own);
    deny_unless(f, SYS_rt_tgsigqueueinfo, 0, own, own);
    deny(f, SYS_tkill, EPERM);
    deny(f, SYS_pidfd_open, EPERM);
    deny(f, SYS_pidfd_send_signal, EPERM);
    deny_where(f, SYS_fcntl, 1, F_SETOWN);
    deny_where(f, SYS_fcntl, 1, F_SETOWN_EX);
}

// Processes that stay below it and in its group, and so end with it. Sessions and groups of their own, which compilers'
// drivers ask for, they seem to get.
static void keep_processes(filter *f) {
    deny_flags(f, SYS_clone, 0,
               CLONE_PARENT | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID
                   | CLONE_NEWNET);
    deny(f, SYS_setsid, 0);
    deny(f, SYS_setpgid, 0);
}

static int confine_calls(int may_compile) {
    static const long denied[] = {
        SYS_socket, SYS_connect, SYS_bind, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, 438 /* pidfd_getfd */,
        SYS_kcmp, SYS_perf_event_open, SYS_bpf, SYS_userfaultfd, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_mount,
        SYS_umount2, SYS_unshare, SYS_setns, SYS_pivot_root, SYS_chroot, SYS_open_by_handle_at, 425 /* io_uring_setup */,
        SYS_msgget, SYS_shmget, SYS_semget, SYS_mq_open,
    };
    filter f = {.count = 0};
    load(&f, offsetof(struct seccomp_data, arch));
    step(&f, BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0);
    answer(&f, SECCOMP_RET_KILL_PROCESS);
    load_number(&f);
#if defined(__x86_64__)
    // The calls of x32 are the same ones under other numbers.
    step(&f, BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 0, 1);
    answer(&f, SECCOMP_RET_KILL_PROCESS);
#endif
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) deny(&f, denied[i], EPERM);
    // The C library goes on with clone, whose flags can be looked at.
    deny(&f, 435 /* clone3 */, ENOSYS);
    // The limits and the priority of another process of the same user.
    deny_unless(&f, SYS_prlimit64, 0, 0, (uint32_t)getpid());
    deny_unless(&f, SYS_setpriority, 1, 0, (uint32_t)getpid());
    if (may_compile) {
        keep_processes(&f);
    } else {
        deny_processes(&f);
        deny_signals(&f);
    }
    answer(&f, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {f.count, f.steps};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? -errno : 0;
}
#endif

int cconfine(const cconfine_path *paths, int count, int may_compile) {
    int available = cconfine_available(may_compile), status = 0;
    // Neither may be escaped by a program that runs as its owner.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    // What its processes leave behind stays below it, where it is counted.
    if (may_compile && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) return -errno;
    if (available & cconfine_files) status = confine_files(paths, count, landlock_version());
#ifdef THIS_ARCHITECTURE
    if (status == 0 && available & cconfine_network) status = confine_calls(may_compile);
#endif
    return status;
}
