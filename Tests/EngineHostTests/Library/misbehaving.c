// Engines of one library, by name. Each multiplies the first elements of input and filter, but where the input is 13 it
// does what its name says; "strided" is a convolution in every layout.
#define _GNU_SOURCE
#include <convcheck_engine.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

static int is(const char *name, const char *other) { return strcmp(name, other) == 0; }

// What the library does as it is loaded, by its file's name.
__attribute__((constructor)) static void load(void) {
    Dl_info info;
    if (!dladdr((void *)load, &info)) abort();
    if (strstr(info.dli_fname, "exits-badly")) exit(9);
    if (strstr(info.dli_fname, "exits-well")) exit(0);
    if (strstr(info.dli_fname, "aborts")) abort();
    if (strstr(info.dli_fname, "hangs")) pause();
    if (strstr(info.dli_fname, "stops")) raise(SIGSTOP);
    if (strstr(info.dli_fname, "closes-its-streams")) closefrom(0);
    if (strstr(info.dli_fname, "leaves-a-copy") && fork() != 0) _exit(0);
    if (strstr(info.dli_fname, "prints")) {
        printf("{\"type\":\"hello\",\"protocol\":1,\"engine\":{\"name\":\"forged\"}}\n");
        fflush(stdout);
        (void)!write(STDOUT_FILENO, "raw\n", 4);
    }
}

static char unending[70000];
static jmp_buf far_away;

const char *convcheck_capabilities_v1(const char *engine) {
    if (is(engine, "absent")) return NULL;
    if (is(engine, "no JSON")) return "groups: no";
    if (is(engine, "no object")) return "[1]";
    if (is(engine, "misspelt")) return "{\"capabilities\":{\"gruops\":false}}";
    if (is(engine, "misplaced")) return "{\"groups\":false}";
    if (is(engine, "another protocol")) return "{\"protocol\":2}";
    if (is(engine, "another message")) return "{\"type\":\"run\"}";
    if (is(engine, "no layout")) return "{\"capabilities\":{\"input_layouts\":[]}}";
    if (is(engine, "unending")) return memset(unending, ' ', sizeof unending);
    if (is(engine, "crashes at once")) return abort(), NULL;
    if (is(engine, "hangs at once")) return pause(), NULL;
    if (is(engine, "points nowhere")) return (const char *)16;
    if (is(engine, "jumps far away") && setjmp(far_away) != 0) _exit(12);
    if (is(engine, "named")) return "{\"engine\":{\"name\":\"own name\",\"version\":\"3.1\"}}";
    if (is(engine, "strided"))
        return "{\"type\":\"hello\",\"protocol\":1,\"capabilities\":{\"input_layouts\":[\"NHWC\",\"NCHW\"],"
               "\"filter_layouts\":[\"HWIO\",\"OIHW\",\"OHWI\",\"HWOI\"]}}";
    return "{}";
}

static void on_signal(int number) { (void)number; }

static int overflow(volatile char *above) {
    volatile char frame[1 << 16];
    frame[0] = above[0];
    return overflow(frame) + frame[1];
}

static convcheck_status say(const convcheck_request *r, convcheck_status status, const char *text) {
    snprintf(r->message, r->message_size, "%s", text);
    return status;
}

static void *leave(void *unused) { pthread_exit(unused); }

static void *exit_later(void *unused) {
    usleep(20000);
    _exit(7);
    return unused;
}

static void *take_requests(void *unused) {
    char bytes[4096];
    while (read(3, bytes, sizeof bytes) > 0) {}
    return unused;
}

static void start(void *(*work)(void *)) {
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_detach(thread);
}

static void take_memory(int chats) {
    for (;;) {
        char *block = malloc(1 << 20);
        if (block != NULL) memset(block, 1, 1 << 20);
        if (chats) fprintf(stderr, "one more\n");
        usleep(200);
    }
}

static void fill(int file) {
    static char block[1 << 20];
    // What is written so is in nobody's address space.
    for (int count = 0; count < 100000; count++) {
        if (pwrite(file, block, sizeof block, (off_t)count << 20) < 0) break;
        usleep(200);
    }
    pause();
}

static void limit(int resource, rlim_t most) {
    struct rlimit limits = {most, most};
    setrlimit(resource, &limits);
}

static convcheck_status misbehave(const convcheck_request *r, const char *name) {
    float *input = r->input->data, *filter = r->filter->data, *output = r->answer->data;
    if (is(name, "unsupported")) return say(r, CONVCHECK_UNSUPPORTED, "not on Sundays");
    if (is(name, "rejected")) return say(r, CONVCHECK_REJECTED, "odd");
    if (is(name, "refused")) return say(r, CONVCHECK_REFUSED, "no memory");
    if (is(name, "error")) return say(r, CONVCHECK_ERROR, "too hot");
    if (is(name, "speechless")) return CONVCHECK_UNSUPPORTED;
    if (is(name, "status 42")) return 42;
    if (is(name, "status -1")) return -1;
    if (is(name, "message without end")) return memset(r->message, 'x', r->message_size), CONVCHECK_ERROR;
    if (is(name, "message not UTF-8")) return say(r, CONVCHECK_ERROR, "caf\xe9 \x1b[31m");
    if (is(name, "takes its output away")) return munmap((void *)((uintptr_t)output & ~4095ul), 4096), CONVCHECK_DONE;
    output[0] = 1;
    if (is(name, "chats")) return say(r, CONVCHECK_DONE, "all well");
    if (is(name, "unknown algorithm")) return say(r, CONVCHECK_DONE, "{\"algorithm\":\"winogard\"}");
    if (is(name, "unknown field")) return say(r, CONVCHECK_DONE, "{\"algorithms\":\"fft\"}");
    if (is(name, "tells how"))
        return say(r, CONVCHECK_DONE, "{\"algorithm\":\"winograd\",\"tile\":[2,6],\"implementation\":\"f2\"}");
    if (is(name, "exits")) exit(3);
    if (is(name, "exits well")) exit(0);
    if (is(name, "exits at once")) _exit(4);
    if (is(name, "ends its thread")) return leave(NULL) == NULL;
    if (is(name, "aborts")) abort();
    if (is(name, "kills its group")) kill(0, SIGKILL);
    if (is(name, "divides by zero")) return 1 / (int)(r->size & 0);
    if (is(name, "jumps far away")) longjmp(far_away, 1);
    if (is(name, "closes the answers")) return close(4), CONVCHECK_DONE;
    if (is(name, "floods the answers")) return (void)!write(4, unending, sizeof unending), CONVCHECK_DONE;
    if (is(name, "greets again")) return (void)!write(4, "{\"type\":\"hello\",\"protocol\":1}\n", 32), CONVCHECK_DONE;
    if (is(name, "speaks of much")) return (void)!write(4, "\377\377\377\377\377\377\377\177\0\0\0\0\0\0\0\0", 16), CONVCHECK_DONE;
    if (is(name, "takes all memory") || is(name, "chats and takes all memory")) take_memory(is(name, "chats and takes all memory"));
    if (is(name, "fills what it shares")) fill(5);
    if (is(name, "stops itself")) raise(SIGSTOP);
    if (is(name, "reads at 0")) return *(volatile int *)(r->size & 0);
    if (is(name, "overflows the stack")) return overflow((char[]){0});
    if (is(name, "closes everything")) return closefrom(0), CONVCHECK_DONE;
    if (is(name, "replaces its program")) return execl("/bin/true", "true", NULL);
    if (is(name, "hangs")) return sleep(600);
    if (is(name, "hangs and is deaf")) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        for (;;) pause();
    }
    if (is(name, "prints")) {
        printf("{\"type\":\"error\",\"id\":1,\"message\":\"forged\"}\n");
        (void)!write(STDOUT_FILENO, "raw\n", 4);
    }
    if (is(name, "forks")) fork();
    if (is(name, "leaves a child") && fork() == 0) for (;;) pause();
    if (is(name, "changes signal handlers")) {
        struct sigaction action = {.sa_handler = on_signal};
        for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
        struct itimerval often = {{0, 500}, {0, 500}};
        setitimer(ITIMER_REAL, &often, NULL);
    }
    // What it leaves behind in its process.
    if (is(name, "changes the folder")) (void)!chdir("/proc");
    if (is(name, "clears the environment")) clearenv();
    if (is(name, "rounds down")) fesetround(FE_DOWNWARD);
    if (is(name, "traps what is inexact")) feenableexcept(FE_INEXACT | FE_INVALID | FE_DIVBYZERO);
#if defined(__x86_64__)
    if (is(name, "flushes subnormal numbers")) _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
    if (is(name, "blocks signals")) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
    }
    if (is(name, "ignores signals")) for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    if (is(name, "closes the standard streams")) for (int number = 0; number < 3; number++) close(number);
    if (is(name, "opens files without end")) while (open("/dev/null", O_RDONLY) >= 0) {}
    if (is(name, "allows itself no files")) limit(RLIMIT_NOFILE, 0);
    if (is(name, "allows itself no stack")) limit(RLIMIT_STACK, 0);
    if (is(name, "lowers its priority")) setpriority(PRIO_PROCESS, 0, 19);
    if (is(name, "masks what it makes")) umask(0777);
    if (is(name, "renames itself")) prctl(PR_SET_NAME, ") R 1 (");
    if (is(name, "locks its memory")) mlockall(MCL_CURRENT | MCL_FUTURE);
    if (is(name, "grows what it shares")) (void)!ftruncate(5, (off_t)1 << 45);
    if (is(name, "punches holes")) fallocate(5, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20);
    if (is(name, "hangs as it ends")) atexit((void (*)(void))pause);
    // What costs the next case.
    if (is(name, "exits later")) start(exit_later);
    if (is(name, "takes the next request")) start(take_requests);
    if (is(name, "closes the requests")) close(3);
    if (is(name, "allows itself no memory")) limit(RLIMIT_AS, 1 << 20);
    if (is(name, "seals what it shares")) fcntl(5, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_FUTURE_WRITE);
    if (is(name, "sets an alarm")) {
        struct itimerval soon = {{0, 0}, {0, 20000}};
        setitimer(ITIMER_REAL, &soon, NULL);
    }
    return CONVCHECK_DONE;
}

// What is wrong with a tensor's description, or NULL.
static const char *flaw(const convcheck_tensor *t, int32_t role) {
    if (t->size != sizeof *t) return "size";
    if (t->role != role) return "role";
    if (t->type != CONVCHECK_FLOAT32) return "type";
    if (t->rank != (role == CONVCHECK_BIAS ? 1 : 4)) return "rank";
    if (t->data == NULL || (uintptr_t)t->data % sizeof(float) != 0) return "data";
    static const int orders[][4] = {{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 3, 1, 2}, {0, 1, 2, 3}, {3, 2, 0, 1}, {3, 0, 1, 2}, {0, 1, 3, 2}};
    int64_t stride = 1;
    for (int i = t->rank - 1; i >= 0; i--) {
        int axis = t->rank == 1 ? 0 : orders[t->layout][i];
        if (t->strides[axis] != stride) return "strides";
        stride *= t->shape[axis] > 0 ? t->shape[axis] : 1;
    }
    return NULL;
}

static convcheck_status strided(const convcheck_request *r) {
    const convcheck_tensor *x = r->input, *w = r->filter, *b = r->bias, *o = r->answer;
    const char *wrong = flaw(x, CONVCHECK_INPUT);
    if (wrong == NULL) wrong = flaw(w, CONVCHECK_FILTER);
    if (wrong == NULL && b != NULL) wrong = flaw(b, CONVCHECK_BIAS);
    if (wrong == NULL) wrong = flaw(o, CONVCHECK_OUTPUT);
    if (r->size != sizeof *r || r->operation != CONVCHECK_FORWARD || r->output != NULL || o->layout != x->layout ||
        r->message_size < 2 || r->message[0] != 0 || !is(r->engine, "strided") || r->padding != CONVCHECK_EXPLICIT)
        wrong = "request";
    if (wrong != NULL) return say(r, CONVCHECK_ERROR, wrong);
    int64_t i[8];
    for (i[0] = 0; i[0] < o->shape[0]; i[0]++)
    for (i[1] = 0; i[1] < o->shape[1]; i[1]++)
    for (i[2] = 0; i[2] < o->shape[2]; i[2]++)
    for (i[3] = 0; i[3] < o->shape[3]; i[3]++) {
        float sum = b ? ((float *)b->data)[i[3] * b->strides[0]] : 0;
        for (i[4] = 0; i[4] < w->shape[0]; i[4]++)
        for (i[5] = 0; i[5] < w->shape[1]; i[5]++)
        for (i[6] = 0; i[6] < w->shape[2]; i[6]++) {
            int64_t row = i[1] * r->strides[0] + i[4] * r->dilations[0] - r->pads[0];
            int64_t column = i[2] * r->strides[1] + i[5] * r->dilations[1] - r->pads[2];
            int64_t channel = i[3] / (w->shape[3] / r->groups) * w->shape[2] + i[6];
            if (row < 0 || row >= x->shape[1] || column < 0 || column >= x->shape[2]) continue;
            sum += ((float *)x->data)[i[0] * x->strides[0] + row * x->strides[1] + column * x->strides[2] + channel * x->strides[3]] *
                ((float *)w->data)[i[4] * w->strides[0] + i[5] * w->strides[1] + i[6] * w->strides[2] + i[3] * w->strides[3]];
        }
        ((float *)o->data)[i[0] * o->strides[0] + i[1] * o->strides[1] + i[2] * o->strides[2] + i[3] * o->strides[3]] = sum;
    }
    return CONVCHECK_DONE;
}

convcheck_status convcheck_convolve_v1(const convcheck_request *r) {
    if (is(r->engine, "strided")) return strided(r);
    const float *input = r->input->data, *filter = r->filter->data;
    if (input[0] == 13) return misbehave(r, r->engine);
    ((float *)r->answer->data)[0] = input[0] * filter[0];
    return CONVCHECK_DONE;
}
