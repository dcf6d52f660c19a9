// CUDA's runtime and cuDNN on the processor, as far as Scripts/engines/native/cudnn.cpp uses them: the plainest loops over
// what cuDNN's documentation says of its descriptors. It compiles against the headers beside it and against NVIDIA's.
//
// FAKE_CUDA is what goes wrong: "no device", "no handle", "no memory", "no room" in a convolution, "breaks" at
// one, "forgets" the last element.
#include <cuda_runtime.h>
#include <cudnn.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

static bool wrong(const char *what) {
    const char *set = std::getenv("FAKE_CUDA");
    return set && !std::strcmp(set, what);
}

// ---- CUDA's runtime. The device's memory is the host's, but only what was allocated, and not yet freed, is reached.

static cudaError_t broken = cudaSuccess;
static std::map<const char *, size_t> allocated;

static bool on_device(const void *place, size_t bytes) {
    const auto found = allocated.find(static_cast<const char *>(place));
    return bytes == 0 || (found != allocated.end() && bytes <= found->second);
}

cudaError_t cudaGetDeviceCount(int *count) {
    *count = wrong("no device") ? 0 : 1;
    return *count ? cudaSuccess : cudaErrorNoDevice;
}

cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attr, int) {
    *value = attr == cudaDevAttrComputeCapabilityMajor ? 8 : 6;
    return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() { return broken; }
cudaError_t cudaGetLastError() { return broken; }

const char *cudaGetErrorString(cudaError_t error) {
    if (error == cudaErrorNoDevice) return "no CUDA-capable device is detected";
    return error == cudaErrorMemoryAllocation ? "out of memory" : "an illegal memory access was encountered";
}

cudaError_t cudaMalloc(void **place, size_t bytes) {
    *place = nullptr;
    // What nobody frees is missed at some time.
    if (wrong("no memory") || allocated.size() > 8) return cudaErrorMemoryAllocation;
    if (!bytes || broken) return broken;
    *place = std::malloc(bytes);
    allocated[static_cast<char *>(*place)] = bytes;
    return cudaSuccess;
}

cudaError_t cudaFree(void *place) {
    allocated.erase(static_cast<char *>(place));
    std::free(place);
    return broken;
}

cudaError_t cudaMemset(void *place, int value, size_t bytes) {
    if (!on_device(place, bytes)) broken = cudaErrorIllegalAddress;
    if (!broken) std::memset(place, value, bytes);
    return broken;
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind) {
    if (!on_device(kind == cudaMemcpyHostToDevice ? to : from, bytes)) broken = cudaErrorIllegalAddress;
    if (!broken) std::memcpy(to, from, bytes);
    return broken;
}

// ---- Elements of every type, in double.

static size_t size_of(cudnnDataType_t type) {
    if (type == CUDNN_DATA_DOUBLE) return 8;
    if (type == CUDNN_DATA_INT8) return 1;
    return type == CUDNN_DATA_HALF || type == CUDNN_DATA_BFLOAT16 ? 2 : 4;
}

static double from_half(uint16_t bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double size = exponent == 31 ? (fraction ? NAN : INFINITY)
                                       : std::ldexp(exponent ? fraction + 1024 : fraction, (exponent ? exponent : 1) - 25);
    return bits >> 15 ? -size : size;
}

static uint16_t to_half(double number) {
    const uint16_t sign = std::signbit(number) ? 0x8000 : 0;
    const double size = std::fabs(number);
    if (std::isnan(number)) return 0x7E00;
    if (size >= 65520) return sign | 0x7C00;
    if (size < 0x1p-14) return sign | uint16_t(std::nearbyint(std::ldexp(size, 24)));
    const int exponent = std::ilogb(size);
    return sign | uint16_t(((exponent + 14) << 10) + int(std::nearbyint(std::ldexp(size, 10 - exponent))));
}

/// A float32 with the bits below `last` rounded away, to the nearest, ties to even.
static uint32_t rounded(double number, uint32_t last) {
    const float single = float(number);
    uint32_t bits;
    std::memcpy(&bits, &single, 4);
    return std::isfinite(single) ? (bits + (last / 2 - 1) + (bits / last & 1)) & ~(last - 1) : bits;
}

static float as_float(uint32_t bits) {
    float number;
    std::memcpy(&number, &bits, 4);
    return number;
}

static double at(cudnnDataType_t type, const void *data, int64_t i) {
    switch (type) {
    case CUDNN_DATA_DOUBLE: return static_cast<const double *>(data)[i];
    case CUDNN_DATA_HALF: return from_half(static_cast<const uint16_t *>(data)[i]);
    case CUDNN_DATA_BFLOAT16: return as_float(uint32_t(static_cast<const uint16_t *>(data)[i]) << 16);
    case CUDNN_DATA_INT8: return static_cast<const int8_t *>(data)[i];
    default: return static_cast<const float *>(data)[i];
    }
}

static void put(cudnnDataType_t type, void *data, int64_t i, double number) {
    switch (type) {
    case CUDNN_DATA_DOUBLE: static_cast<double *>(data)[i] = number; break;
    case CUDNN_DATA_HALF: static_cast<uint16_t *>(data)[i] = to_half(number); break;
    case CUDNN_DATA_BFLOAT16: static_cast<uint16_t *>(data)[i] = rounded(number, 0x10000) >> 16; break;
    default: static_cast<float *>(data)[i] = float(number);
    }
}

// ---- Descriptors.

struct cudnnContext {};
/// Axes n, c, h, w of a tensor, or k, c, h, w of a filter.
struct Lying {
    cudnnDataType_t type;
    int shape[4];
    int64_t strides[4];
    int64_t offset(const int *i) const {
        return i[0] * strides[0] + i[1] * strides[1] + i[2] * strides[2] + i[3] * strides[3];
    }
    size_t bytes() const {
        const int last[] = {shape[0] - 1, shape[1] - 1, shape[2] - 1, shape[3] - 1};
        return (offset(last) + 1) * size_of(type);
    }
};
struct cudnnTensorStruct : Lying {};
struct cudnnFilterStruct : Lying {};
struct cudnnConvolutionStruct {
    int pads[2], strides[2], dilations[2], groups = 1;
    cudnnDataType_t type;
    cudnnMathType_t math = CUDNN_DEFAULT_MATH;
};

static char complaint[200];
static cudnnStatus_t say(cudnnStatus_t status, const char *words) {
    std::snprintf(complaint, sizeof complaint, "%s", words);
    return status;
}

template <typename Struct> static cudnnStatus_t create(Struct **made) {
    *made = new Struct{};
    return CUDNN_STATUS_SUCCESS;
}

template <typename Struct> static cudnnStatus_t destroy(Struct *made) {
    delete made;
    return CUDNN_STATUS_SUCCESS;
}

size_t cudnnGetVersion() { return 90805; }
const char *cudnnGetErrorString(cudnnStatus_t status) {
    return status == CUDNN_STATUS_NOT_INITIALIZED          ? "CUDNN_STATUS_NOT_INITIALIZED"
           : status / 1000 * 1000 == CUDNN_STATUS_BAD_PARAM ? "CUDNN_STATUS_BAD_PARAM"
           : status == CUDNN_STATUS_EXECUTION_FAILED        ? "CUDNN_STATUS_EXECUTION_FAILED"
                                                            : "CUDNN_STATUS_NOT_SUPPORTED";
}
void cudnnGetLastErrorString(char *message, size_t size) { std::snprintf(message, size, "%s", complaint); }
cudnnStatus_t cudnnCreate(cudnnHandle_t *handle) {
    return wrong("no handle") ? CUDNN_STATUS_NOT_INITIALIZED : create(handle);
}

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t *made) { return create(made); }
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t made) { return destroy(made); }
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t *made) { return create(made); }
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t made) { return destroy(made); }
cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t *made) { return create(made); }
cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t made) { return destroy(made); }

static cudnnStatus_t check(const Lying &t) {
    double count = 1;
    for (int extent : t.shape) {
        if (extent < 1) return say(CUDNN_STATUS_BAD_PARAM, "a dimension must be > 0");
        count *= extent;
    }
    return count < 0x1p31 ? CUDNN_STATUS_SUCCESS : say(CUDNN_STATUS_NOT_SUPPORTED, "more than 2^31 elements");
}

cudnnStatus_t cudnnSetTensor4dDescriptorEx(cudnnTensorDescriptor_t made, cudnnDataType_t type, int n, int c, int h, int w,
                                           int ns, int cs, int hs, int ws) {
    *made = {{type, {n, c, h, w}, {ns, cs, hs, ws}}};
    return check(*made);
}

cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t made, cudnnDataType_t type, cudnnTensorFormat_t format,
                                         int k, int c, int h, int w) {
    const int64_t C = c, H = h, W = w;
    if (format == CUDNN_TENSOR_NCHW) *made = {{type, {k, c, h, w}, {C * H * W, H * W, W, 1}}};
    else *made = {{type, {k, c, h, w}, {H * W * C, 1, W * C, C}}};
    return check(*made);
}

cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t made, int ph, int pw, int u, int v, int dh,
                                              int dw, cudnnConvolutionMode_t mode, cudnnDataType_t type) {
    if (ph < 0 || pw < 0) return say(CUDNN_STATUS_BAD_PARAM, "a padding is negative");
    if (u < 1 || v < 1 || dh < 1 || dw < 1) return say(CUDNN_STATUS_BAD_PARAM, "strides and dilations must be > 0");
    if (mode != CUDNN_CROSS_CORRELATION) return say(CUDNN_STATUS_NOT_SUPPORTED, "only the cross-correlation is here");
    *made = {{ph, pw}, {u, v}, {dh, dw}, 1, type, CUDNN_DEFAULT_MATH};
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t made, int groups) {
    made->groups = groups;
    return groups > 0 ? CUDNN_STATUS_SUCCESS : say(CUDNN_STATUS_BAD_PARAM, "group count must be >= 1");
}

cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t made, cudnnMathType_t math) {
    made->math = math;
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolution2dForwardOutputDim(const cudnnConvolutionDescriptor_t made,
                                                    const cudnnTensorDescriptor_t x, const cudnnFilterDescriptor_t w,
                                                    int *n, int *c, int *height, int *width) {
    if (x->shape[1] != made->groups * w->shape[1]) return say(CUDNN_STATUS_BAD_PARAM, "the channels disagree");
    int out[2];
    for (int a = 0; a < 2; a++) {
        const int64_t span = (int64_t(w->shape[2 + a]) - 1) * made->dilations[a] + 1;
        const int64_t rest = int64_t(x->shape[2 + a]) + 2 * int64_t(made->pads[a]) - span;
        if (rest < 0) return say(CUDNN_STATUS_BAD_PARAM, "the output has no element");
        out[a] = int(rest / made->strides[a]) + 1;
    }
    *n = x->shape[0], *c = w->shape[0], *height = out[0], *width = out[1];
    return CUDNN_STATUS_SUCCESS;
}

// ---- Operations.

/// What a kind of algorithm takes, from cuDNN's tables; Winograd's has the kernels of 5x5 where it is not fused.
enum Kind { direct, fft, winograd, nonfused, missing };

static Kind kind(cudnnConvolutionFwdAlgo_t algo) {
    const Kind kinds[] = {direct, direct, direct, missing, fft, fft, winograd, nonfused};
    return kinds[algo];
}
static Kind kind(cudnnConvolutionBwdDataAlgo_t algo) {
    const Kind kinds[] = {direct, direct, fft, fft, winograd, nonfused};
    return kinds[algo];
}
static Kind kind(cudnnConvolutionBwdFilterAlgo_t algo) {
    const Kind kinds[] = {direct, direct, fft, direct, missing, nonfused, fft};
    return kinds[algo];
}

/// int8 has one algorithm, forward and in NHWC, of channels by fours.
static bool takes_int8(cudnnConvolutionFwdAlgo_t algo, const Lying &x, const Lying &w) {
    return algo == CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM && x.strides[1] == 1 && w.strides[1] == 1
           && x.shape[1] % 4 == 0 && w.shape[0] % 4 == 0;
}
template <typename Algo> static bool takes_int8(Algo, const Lying &, const Lying &) { return false; }

template <typename Algo>
static cudnnStatus_t check(Algo algo, cudnnConvolutionDescriptor_t made, const Lying &x, const Lying &w, const Lying &y) {
    const bool whole = x.type == CUDNN_DATA_INT8, wide = x.type == CUDNN_DATA_DOUBLE;
    if (w.type != x.type || y.type != (whole ? CUDNN_DATA_FLOAT : x.type)
        || made->type != (whole ? CUDNN_DATA_INT32 : wide ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT))
        return say(CUDNN_STATUS_NOT_SUPPORTED, "no such data types");
    if (w.shape[0] % made->groups || x.shape[1] != w.shape[1] * made->groups || y.shape[1] != w.shape[0]
        || x.shape[0] != y.shape[0])
        return say(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "channels, filters, groups or batches disagree");
    const Kind of = kind(algo);
    const int *k = w.shape + 2;
    bool takes = of == direct && (!whole || takes_int8(algo, x, w));
    const bool plain = made->strides[0] == 1 && made->strides[1] == 1 && made->dilations[0] == 1 && made->dilations[1] == 1;
    if (of == fft) takes = plain && !whole && !wide && k[0] > made->pads[0] && k[1] > made->pads[1];
    if (of == winograd) takes = plain && !whole && !wide && k[0] == 3 && k[1] == 3;
    if (of == nonfused) takes = plain && !whole && !wide && k[0] == k[1] && (k[0] == 3 || k[0] == 5);
    if (whole && (made->dilations[0] > 1 || made->dilations[1] > 1)) takes = false;
    return takes ? CUDNN_STATUS_SUCCESS : say(CUDNN_STATUS_NOT_SUPPORTED_SHAPE, "the algorithm does not take this");
}

/// The last algorithm that takes the problem, after one that does not: cuDNN's proposals have a status each.
template <typename Algo, typename Perf>
static cudnnStatus_t propose(int algorithms, cudnnConvolutionDescriptor_t made, const Lying &x, const Lying &w,
                             const Lying &y, int room, int *count, Perf *found) {
    *count = 0;
    for (int i = algorithms - 1; i >= 0 && *count < room; i--) {
        Perf &one = found[(*count)++] = {};
        one.algo = Algo(i), one.status = check(Algo(i), made, x, w, y);
    }
    return CUDNN_STATUS_SUCCESS;
}

/// alpha * result + beta * answer, as each function of cuDNN's ends.
static void blend(const Lying &t, void *data, const std::vector<double> &sums, const void *alpha, const void *beta) {
    const cudnnDataType_t factors = t.type == CUDNN_DATA_DOUBLE ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT;
    const double scale = at(factors, alpha, 0), kept = at(factors, beta, 0);
    size_t place = 0, count = sums.size() - wrong("forgets");
    for (int i[4] = {0, 0, 0, 0}; i[0] < t.shape[0]; i[0]++)
        for (i[1] = 0; i[1] < t.shape[1]; i[1]++)
            for (i[2] = 0; i[2] < t.shape[2]; i[2]++)
                for (i[3] = 0; i[3] < t.shape[3]; i[3]++, place++)
                    if (place < count) {
                        const int64_t o = t.offset(i);
                        const double before = kept ? kept * at(t.type, data, o) : 0;
                        put(t.type, data, o, scale * sums[place] + before);
                    }
}

struct Given {
    const Lying &lying;
    void *data;
    double operator()(const int *i, bool tf32) const {
        const double number = at(lying.type, data, lying.offset(i));
        return tf32 ? as_float(rounded(number, 0x2000)) : number;
    }
};

template <typename Algo>
static cudnnStatus_t perform(Algo algo, cudnnConvolutionDescriptor_t made, const Given &x, const Given &w, const Given &y,
                             const Given &answer, const void *workspace, size_t bytes, const void *alpha,
                             const void *beta) {
    if (const cudnnStatus_t status = check(algo, made, x.lying, w.lying, y.lying)) return status;
    if (wrong("no room")) return say(CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED, "out of memory");
    if (wrong("breaks") || !on_device(x.data, x.lying.bytes()) || !on_device(w.data, w.lying.bytes())
        || !on_device(y.data, y.lying.bytes()) || bytes < 64 || !on_device(workspace, bytes))
        broken = cudaErrorIllegalAddress;
    if (broken) return say(CUDNN_STATUS_EXECUTION_FAILED, "");
    // The default of an Ampere GPU or a newer one.
    const bool tf32 = made->math == CUDNN_DEFAULT_MATH && x.lying.type == CUDNN_DATA_FLOAT;
    const int *in = x.lying.shape, *k = w.lying.shape, *out = y.lying.shape, *shape = answer.lying.shape;
    std::vector<double> sums(size_t(shape[0]) * shape[1] * shape[2] * shape[3]);
    const auto sum = [&](const int *i) -> double & {
        return sums[((size_t(i[0]) * shape[1] + i[1]) * shape[2] + i[2]) * shape[3] + i[3]];
    };
    for (int o[4] = {0, 0, 0, 0}; o[0] < out[0]; o[0]++)
        for (o[1] = 0; o[1] < out[1]; o[1]++)
            for (o[2] = 0; o[2] < out[2]; o[2]++)
                for (o[3] = 0; o[3] < out[3]; o[3]++)
                    for (int t[4] = {o[1], 0, 0, 0}; t[2] < k[2]; t[2]++)
                        for (t[3] = 0; t[3] < k[3]; t[3]++) {
                            int i[4] = {o[0], 0, 0, 0};
                            for (int a = 0; a < 2; a++)
                                i[2 + a] = o[2 + a] * made->strides[a] + t[2 + a] * made->dilations[a] - made->pads[a];
                            if (i[2] < 0 || i[2] >= in[2] || i[3] < 0 || i[3] >= in[3]) continue;
                            const int first = o[1] / (k[0] / made->groups) * k[1];
                            for (t[1] = 0; t[1] < k[1]; t[1]++) {
                                i[1] = first + t[1];
                                if (answer.data == y.data) sum(o) += x(i, tf32) * w(t, tf32);
                                else if (answer.data == x.data) sum(i) += y(o, tf32) * w(t, tf32);
                                else sum(t) += x(i, tf32) * y(o, tf32);
                            }
                        }
    blend(answer.lying, answer.data, sums, alpha, beta);
    return CUDNN_STATUS_SUCCESS;
}

/// The three functions of an operation; A and B are its operands, C its answer, and X, W, Y which of them is which.
#define OPERATION(Operation, Algorithms, Perf, Algo, A, B, C, X, W, Y)                                                  \
    cudnnStatus_t cudnnGetConvolution##Operation##Algorithm_v7(                                                        \
        cudnnHandle_t, const A a, const B b, const cudnnConvolutionDescriptor_t made, const C c, const int room,       \
        int *count, Perf *found) {                                                                                     \
        return propose<Algo>(Algorithms, made, *X, *W, *Y, room, count, found);                                        \
    }                                                                                                                  \
    cudnnStatus_t cudnnGetConvolution##Operation##WorkspaceSize(                                                       \
        cudnnHandle_t, const A a, const B b, const cudnnConvolutionDescriptor_t made, const C c, Algo algo,            \
        size_t *bytes) {                                                                                               \
        *bytes = 64;                                                                                                   \
        return check(algo, made, *X, *W, *Y);                                                                          \
    }                                                                                                                  \
    cudnnStatus_t cudnnConvolution##Operation(                                                                         \
        cudnnHandle_t, const void *alpha, const A a, const void *a_data, const B b, const void *b_data,                \
        const cudnnConvolutionDescriptor_t made, Algo algo, void *workspace, size_t bytes, const void *beta,           \
        const C c, void *c_data) {                                                                                     \
        const Given given_a{*a, const_cast<void *>(a_data)}, given_b{*b, const_cast<void *>(b_data)};                  \
        const Given given_c{*c, c_data};                                                                               \
        return perform(algo, made, given_##X, given_##W, given_##Y, given_c, workspace, bytes, alpha, beta);           \
    }

OPERATION(Forward, 8, cudnnConvolutionFwdAlgoPerf_t, cudnnConvolutionFwdAlgo_t, cudnnTensorDescriptor_t,
          cudnnFilterDescriptor_t, cudnnTensorDescriptor_t, a, b, c)
OPERATION(BackwardData, 6, cudnnConvolutionBwdDataAlgoPerf_t, cudnnConvolutionBwdDataAlgo_t, cudnnFilterDescriptor_t,
          cudnnTensorDescriptor_t, cudnnTensorDescriptor_t, c, a, b)
OPERATION(BackwardFilter, 7, cudnnConvolutionBwdFilterAlgoPerf_t, cudnnConvolutionBwdFilterAlgo_t,
          cudnnTensorDescriptor_t, cudnnTensorDescriptor_t, cudnnFilterDescriptor_t, a, c, b)

cudnnStatus_t cudnnConvolutionBackwardBias(cudnnHandle_t, const void *alpha, const cudnnTensorDescriptor_t y,
                                           const void *data, const void *beta, const cudnnTensorDescriptor_t bias,
                                           void *answer) {
    const int *b = bias->shape;
    if (b[0] != 1 || b[1] != y->shape[1] || b[2] != 1 || b[3] != 1) return say(CUDNN_STATUS_BAD_PARAM, "the shapes disagree");
    if (!on_device(data, y->bytes()) || !on_device(answer, bias->bytes())) broken = cudaErrorIllegalAddress;
    std::vector<double> sums(b[1]);
    for (int i[4] = {0, 0, 0, 0}; !broken && i[0] < y->shape[0]; i[0]++)
        for (i[1] = 0; i[1] < y->shape[1]; i[1]++)
            for (i[2] = 0; i[2] < y->shape[2]; i[2]++)
                for (i[3] = 0; i[3] < y->shape[3]; i[3]++) sums[i[1]] += at(y->type, data, y->offset(i));
    if (!broken) blend(*bias, answer, sums, alpha, beta);
    return broken ? CUDNN_STATUS_EXECUTION_FAILED : CUDNN_STATUS_SUCCESS;
}
