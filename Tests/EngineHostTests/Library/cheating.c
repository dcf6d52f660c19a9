// Engines that try to pass without computing, by name, on problems of one product an element: y = x * w.
#define _GNU_SOURCE
#include <convcheck_engine.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { most = 64, slots = 256 };

static int is(const char *name, const char *other) { return strcmp(name, other) == 0; }

const char *convcheck_capabilities_v1(const char *engine) { (void)engine; return "{}"; }

static convcheck_status reached(const convcheck_request *r, const char *what) {
    snprintf(r->message, r->message_size, "it reached %s", what);
    return CONVCHECK_ERROR;
}

// An answer of an earlier call, found again by a key.
static struct { uint64_t key; float answer[most]; } cache[slots];
static int cached;

static const float *known(uint64_t key) {
    for (int i = 0; i < cached; i++) if (cache[i].key == key) return cache[i].answer;
    return NULL;
}

static void keep(uint64_t key, const float *answer, int64_t n) {
    if (cached == slots) return;
    cache[cached].key = key;
    memcpy(cache[cached++].answer, answer, (size_t)n * sizeof *answer);
}

static uint64_t digest(const void *bytes, size_t count) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < count; i++) hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
    return hash;
}

static uint64_t key(const convcheck_request *r, int64_t n) {
    const float *x = r->input->data;
    uint32_t first;
    memcpy(&first, x, sizeof first);
    if (is(r->engine, "keeps by pointer")) return (uint64_t)(uintptr_t)x;
    if (is(r->engine, "keeps by shape")) return (uint64_t)n;
    if (is(r->engine, "keeps by digest of the input")) return digest(x, (size_t)n * sizeof *x);
    return first;
}

static float brief(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    bits = (bits + 0x8000) & 0xffff0000;
    memcpy(&number, &bits, sizeof bits);
    return number;
}

static void *finish_late(void *output) {
    usleep(20000);
    ((float *)output)[0] = 1;
    return NULL;
}

static volatile float sink;
static void *compute_for_ever(void *unused) {
    for (;;) sink += 1;
    return unused;
}

static void *wait_for_ever(void *unused) {
    for (;;) pause();
    return unused;
}

// What a process that is not confined can reach, or NULL.
static const char *reach(const char *name) {
    char path[64];
    if (is(name, "network") && socket(AF_INET, SOCK_STREAM, 0) >= 0) return "the network";
    if (is(name, "local socket") && socket(AF_UNIX, SOCK_STREAM, 0) >= 0) return "a local socket";
    if (is(name, "disk") && open("/tmp/convcheck-cheat", O_CREAT | O_RDWR | O_CLOEXEC, 0600) >= 0) return "the disk";
    if (is(name, "passwords") && open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0) return "a file of the system's users";
    if (is(name, "helper")) {
        pid_t child = fork();
        if (child == 0) for (;;) pause();
        if (child > 0) return "a helper";
    }
    if (is(name, "helper in another session")) {
        pid_t child = fork();
        if (child == 0) {
            setsid();
            setpgid(0, getppid());
            if (fork() > 0) _exit(0);
            prctl(PR_SET_NAME, "left-behind");
            for (;;) pause();
        }
    }
    if (is(name, "limits of the runner")) {
        struct rlimit limits;
        if (prlimit(getppid(), RLIMIT_CPU, NULL, &limits) == 0) return "the runner's limits";
    }
    if (is(name, "priority of the runner") && setpriority(PRIO_PROCESS, getppid(), 0) == 0) return "the runner's priority";
    if (is(name, "signal by a descriptor") && fcntl(0, F_SETOWN, getppid()) == 0) return "the runner, by a signal";
    if (is(name, "trace") && ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0) return "the runner, by ptrace";
    if (is(name, "remote memory")) {
        char byte;
        struct iovec here = {&byte, 1}, there = {(void *)environ, 1};
        if (process_vm_readv(getppid(), &here, 1, &there, 1, 0) >= 0 || errno == EFAULT) return "the runner's memory";
    }
    snprintf(path, sizeof path, "/proc/%d/mem", getppid());
    if (is(name, "memory file") && open(path, O_RDONLY | O_CLOEXEC) >= 0) return "the runner's memory";
    snprintf(path, sizeof path, "/proc/%d/cmdline", getppid());
    if (is(name, "command line") && open(path, O_RDONLY | O_CLOEXEC) >= 0) return "the runner's arguments";
    snprintf(path, sizeof path, "/proc/%d/fd", getppid());
    if (is(name, "open files") && opendir(path) != NULL) return "the runner's files";
    if (is(name, "signal") && kill(getppid(), 0) == 0) return "the runner, by a signal";
    if (is(name, "environment") && getenv("CONVCHECK_GOLDEN") != NULL) return "the golden data's place";
    if (is(name, "inherited files")) {
        // 0, 1 and 2, and the three by which the runner speaks with its worker.
        for (int number = 6; number < 1024; number++) {
            if (fcntl(number, F_GETFD) >= 0) return "a file that the runner left open";
        }
    }
    return NULL;
}

extern char **environ;

convcheck_status convcheck_convolve_v1(const convcheck_request *r) {
    const char *name = r->engine;
    float *x = r->input->data, *w = r->filter->data, *y = r->answer->data;
    const int64_t n = r->answer->shape[0] * r->answer->shape[1] * r->answer->shape[2] * r->answer->shape[3];
    static int calls;
    static float *last;
    calls++;

    if (strncmp(name, "keeps by ", 9) == 0) {
        const float *answer = known(key(r, n));
        if (answer != NULL) return memcpy(y, answer, (size_t)n * sizeof *y), CONVCHECK_DONE;
    }
    if (is(name, "answers from freed memory") && last != NULL) return memcpy(y, last, sizeof *y), CONVCHECK_DONE;
    if (is(name, "leaves its answer to a thread")) {
        pthread_t thread;
        pthread_create(&thread, NULL, finish_late, y);
        pthread_detach(thread);
        for (int64_t i = 1; i < n; i++) y[i] = x[i] * w[0];
        return CONVCHECK_DONE;
    }
    if (is(name, "writes nothing")) return CONVCHECK_DONE;
    const char *what = reach(name);
    if (what != NULL) return reached(r, what);
    for (int64_t i = 0; i < n; i++) y[i] = is(name, "lower precision") ? brief(x[i]) * brief(w[0]) : x[i] * w[0];
    last = y;
    if (strncmp(name, "keeps by ", 9) == 0) keep(key(r, n), y, n);
    if (is(name, "right ten times") && calls > 10) y[0] += 1;
    if (is(name, "constant")) for (int64_t i = 0; i < n; i++) y[i] = 1;
    if (is(name, "zeros")) memset(y, 0, (size_t)n * sizeof *y);
    if (is(name, "not a number")) for (int64_t i = 0; i < n; i++) y[i] = NAN;
    if (is(name, "copies the input")) memcpy(y, x, (size_t)n * sizeof *y);
    if (is(name, "destroys the input")) memset(x, 0, (size_t)n * sizeof *x), memset(y, 0, (size_t)n * sizeof *y);
    if (is(name, "forges an answer")) (void)!write(4, "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
    if (is(name, "writes to the runner's copy")) {
        char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 5, 0);
        if (shared != MAP_FAILED) memset(shared, 0, 4096);
    }
    if (is(name, "keeps computing") && calls == 1) {
        pthread_t thread;
        pthread_create(&thread, NULL, compute_for_ever, NULL);
    }
    if (is(name, "threads without end")) {
        pthread_attr_t small;
        pthread_attr_init(&small);
        pthread_attr_setstacksize(&small, 1 << 16);
        for (int count = 0; count < 200; count++) {
            pthread_t thread;
            if (pthread_create(&thread, &small, wait_for_ever, NULL) == 0) pthread_detach(thread);
        }
        pause();
    }
    if (is(name, "swallows its faults")) signal(SIGSEGV, SIG_IGN), y[n] = 1;
    return CONVCHECK_DONE;
}
