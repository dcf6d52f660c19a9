#define _GNU_SOURCE
#include "MemoryGuard.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

// Regions in use and lately released; a process asks for far fewer at a time.
enum { most_regions = 256, most_released = 128, most_head = 8, margin = 1 << 20, stack_size = 1 << 16 };

typedef struct region {
    char *mapping;
    size_t size;
    // What the user knows.
    char *data, *end;
    int name;
    int is_released;
} region;

static region regions[most_regions];
// The released ones, the oldest first.
static int released[most_released];
static int released_count;

static int64_t head[most_head];
static int head_size, identity_word, report_descriptor = -1;
static atomic_flag is_reported = ATOMIC_FLAG_INIT;

size_t cguard_margin(void) { return margin; }

static int take_released(int number) {
    int place = released[number];
    released_count--;
    memmove(released + number, released + number + 1, (size_t)(released_count - number) * sizeof *released);
    return place;
}

// The place of a region of that size which was released long ago, or -1.
static int take_old(size_t size) {
    for (int number = 0; number < released_count - most_released / 2; number++) {
        if (regions[released[number]].size == size) return take_released(number);
    }
    return -1;
}

static void forget(int place) {
    munmap(regions[place].mapping, regions[place].size);
    regions[place].mapping = NULL;
}

void *cguard_map(size_t pages, size_t offset, size_t count, int name) {
    size_t size = pages + 2 * (size_t)margin;
    // The system takes several times as long to map pages, and to unmap others, as to allow access to some.
    int place = take_old(size);
    char *mapping = place < 0 ? NULL : regions[place].mapping;
    if (mapping == NULL) {
        place = 0;
        while (place < most_regions && regions[place].mapping != NULL) place++;
        if (place == most_regions) return NULL;
        mapping = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (mapping == MAP_FAILED) return NULL;
        // Margins are marked, so that the system keeps them apart from the pages between, and need not split and join them.
        madvise(mapping, margin, MADV_DONTDUMP);
        madvise(mapping + margin + pages, margin, MADV_DONTDUMP);
    }
    char *start = mapping + margin;
    if (mprotect(start, pages, PROT_READ | PROT_WRITE) < 0) {
        munmap(mapping, size);
        regions[place].mapping = NULL;
        return NULL;
    }
    regions[place] = (region){mapping, size, start + offset, start + offset + count, name, 0};
    return start;
}

void cguard_release(void *pages) {
    for (int place = 0; place < most_regions; place++) {
        region *freed = &regions[place];
        if (freed->mapping == NULL || freed->mapping + margin != (char *)pages) continue;
        freed->is_released = 1;
        size_t size = freed->size - 2 * (size_t)margin;
        // The system gets the memory back, once nobody can touch it any more. The quicker way leaves what is large reserved
        // where the system promises no more memory than it has.
        if (size > margin || mprotect(pages, size, PROT_NONE) < 0 || madvise(pages, size, MADV_DONTNEED) < 0) {
            mmap(pages, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        }
        if (released_count == most_released) forget(take_released(0));
        released[released_count++] = place;
        return;
    }
}

static int access_kind(void *context) {
#if defined(__x86_64__)
    // Bit 1 of a page fault's error code: it was a write.
    return ((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] & 2 ? cguard_write : cguard_read;
#else
    (void)context;
    return cguard_touch;
#endif
}

static void say(const char *text) { (void)!write(STDERR_FILENO, text, strlen(text)); }

static void report(const region *touched, const char *address, int kind) {
    int64_t words[most_head + 4];
    memcpy(words, head, (size_t)head_size * sizeof *head);
    int place = touched->is_released ? cguard_after_return : address < touched->data ? cguard_before : cguard_behind;
    int64_t distance = place == cguard_before   ? touched->data - address
                       : place == cguard_behind ? address - touched->end
                                                : 0;
    int64_t evidence[] = {touched->name, kind, place, distance};
    memcpy(words + head_size, evidence, sizeof evidence);
    (void)!write(report_descriptor, words, (size_t)(head_size + 4) * sizeof *words);
}

// May run on any thread, at any place: nothing here may allocate or take a lock.
static void on_fault(int number, siginfo_t *info, void *context) {
    const char *address = info->si_addr;
    for (int place = 0; place < most_regions; place++) {
        const region *touched = &regions[place];
        if (touched->mapping == NULL || address < touched->mapping || address >= touched->mapping + touched->size) {
            continue;
        }
        // These pages are there, unless somebody took them away.
        if (!touched->is_released && address >= touched->mapping + margin
            && address < touched->mapping + touched->size - margin) {
            say("memory that the engine was given for its tensors is not there any more, or may not be used\n");
            break;
        }
        if (!atomic_flag_test_and_set(&is_reported)) {
            report(touched, address, access_kind(context));
            _exit(1);
        }
        for (;;) pause();
    }
#if defined(__x86_64__)
    if (number == SIGSEGV && info->si_code == SI_KERNEL) {
        say("the processor refused an access: an engine whose instructions need aligned memory declares \"alignment\"\n");
    }
#endif
    // Returned to, the instruction fails again, and now ends the process as it would have.
    signal(number, SIG_DFL);
}

void cguard_report_to(int descriptor, const int64_t *words, int count, int identity_place) {
    if (count > most_head) abort();
    memcpy(head, words, (size_t)count * sizeof *words);
    head_size = count;
    identity_word = identity_place;
    report_descriptor = descriptor;
    // A stack that overflowed has no room for a handler.
    static char stack[stack_size];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
}

void cguard_watch(int64_t identity) {
    if (report_descriptor < 0) return;
    head[identity_word] = identity;
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}
