// Engines of one library, by name, that multiply each input by the one filter, add the bias, and do one thing to memory
// that none may do; or something unusual that each may.
#define _GNU_SOURCE
#include <convcheck_engine.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

static int is(const char *name, const char *other) { return strcmp(name, other) == 0; }

const char *convcheck_capabilities_v1(const char *engine) {
    if (strncmp(engine, "aligned to 64", 13) == 0) return "{\"capabilities\":{\"alignment\":64}}";
    if (strncmp(engine, "aligned to a page", 17) == 0) return "{\"capabilities\":{\"alignment\":4096}}";
    if (is(engine, "aligned to 48")) return "{\"capabilities\":{\"alignment\":48}}";
    return "{}";
}

static volatile float seen;
static const float *kept;
static float *late;

static void *write_late(void *unused) {
    usleep(30000);
    late[0] = 1;
    return unused;
}

static void *read_late(void *unused) {
    usleep(30000);
    seen = late[0];
    return unused;
}

static void start(void *(*work)(void *), float *memory) {
    pthread_t thread;
    late = memory;
    pthread_create(&thread, NULL, work, NULL);
    pthread_detach(thread);
}

static int64_t count(const convcheck_tensor *t) { return t->shape[0] * t->shape[1] * t->shape[2] * t->shape[3]; }

convcheck_status convcheck_convolve_v1(const convcheck_request *r) {
    const char *name = r->engine;
    float *x = r->input->data, *w = r->filter->data, *b = r->bias->data, *y = r->answer->data;
    const int64_t n = count(r->answer);

    // After a hundred calls without a fault.
    static int calls;
    if (strncmp(name, "later ", 6) == 0) {
        name = calls++ < 100 ? "right" : name + 6;
    }
    if (is(name, "writes nothing")) return CONVCHECK_DONE;
    if (is(name, "accumulates")) {
        for (int64_t i = 0; i < n; i++) y[i] += x[i] * w[0] + b[0];
        return CONVCHECK_DONE;
    }
    if (is(name, "aligned to 64, as it says") || is(name, "aligned to a page, as it says")) {
        uintptr_t step = is(name, "aligned to 64, as it says") ? 64 : 4096;
        if (((uintptr_t)x | (uintptr_t)w | (uintptr_t)b | (uintptr_t)y) % step != 0) return CONVCHECK_ERROR;
    }
#if defined(__x86_64__)
    if (is(name, "aligned to 16, and does not say so")) {
        volatile __m128 first = _mm_load_ps(x);
        (void)first;
    }
#endif
    if (is(name, "uses the filter of the last call") && kept != NULL) seen = kept[0];
    kept = w;

    for (int64_t i = 0; i < n; i++) y[i] = x[i] * w[0] + b[0];

    if (is(name, "leaves the last element")) memset(y + n - 1, 0, 0), y[n - 1] = 0, memcpy(y + n - 1, "\xc3\xc3\xa5\x7f", 4);
    if (is(name, "reads behind the input")) seen = x[n];
    if (is(name, "reads far behind the input")) seen = x[n + 3];
    if (is(name, "reads before the input")) seen = x[-1];
    if (is(name, "reads the row before the input")) seen = x[-3];
    if (is(name, "reads behind the filter")) seen = w[1];
    if (is(name, "reads before the filter")) seen = w[-1];
    if (is(name, "reads behind the bias")) seen = b[1];
    if (is(name, "reads before the bias")) seen = b[-2];
    if (is(name, "reads behind the output")) seen = y[n];
    if (is(name, "reads before the output")) seen = y[-1];
    if (is(name, "reads a byte behind the input")) seen = ((volatile char *)(x + n))[0];
    if (is(name, "reads a whole vector")) {
        char vector[64];
        memcpy(vector, x + n - 1, sizeof vector);
        seen = vector[63];
    }
    if (is(name, "writes behind the output")) y[n] = 1;
    if (is(name, "writes a byte behind the output")) ((char *)(y + n))[0] = 1;
    if (is(name, "writes a page behind the output")) y[n + 1024] = 1;
    if (is(name, "writes before the output")) y[-1] = 1;
    if (is(name, "writes a double at the end")) *(double *)(y + n - 1) = 1;
    if (is(name, "writes behind the input")) x[n] = 1;
    if (is(name, "writes before the filter")) w[-1] = 1;
    if (is(name, "writes behind the message")) r->message[r->message_size] = 'x';
    if (is(name, "writes before the message")) r->message[-1] = 'x';
    if (is(name, "changes the input")) x[n - 1] = 7;
    if (is(name, "changes the filter")) w[0] = -w[0];
    if (is(name, "changes the bias")) b[0] += 1;
    if (is(name, "frees the output")) free(y);
    if (is(name, "writes late")) start(write_late, y);
    if (is(name, "reads late")) start(read_late, x);
    if (is(name, "writes behind, on a thread")) {
        pthread_t thread;
        late = y + n;
        pthread_create(&thread, NULL, write_late, NULL);
        pthread_join(thread, NULL);
    }
    return CONVCHECK_DONE;
}
