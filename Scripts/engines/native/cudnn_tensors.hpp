// The problem's tensors as cuDNN has them, on the device and back, and what its errors and CUDA's mean.
#pragma once
#include <convcheck_engine.h>
#include <cuda_runtime.h>
#include <cudnn.h>

#if CUDNN_MAJOR < 9
#error "this takes cuDNN 9 or newer"
#endif

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// What is answered in the place of numbers.
struct Declined : std::runtime_error {
    convcheck_status status;
    Declined(convcheck_status status, const std::string &words) : std::runtime_error(words), status(status) {}
};

/// CUDA's word. What breaks the device breaks it for all calls to come, so that the process ends, at the cost of this case.
static void check(cudaError_t error) {
    if (error == cudaSuccess) return;
    cudaGetLastError(); // Which cuDNN would find, and take for its own.
    if (error == cudaErrorMemoryAllocation) throw Declined(CONVCHECK_REFUSED, cudaGetErrorString(error));
    std::fprintf(stderr, "cudnn: the device failed: %s\n", cudaGetErrorString(error));
    std::abort();
}

/// cuDNN's word. `blamed` is what a bad parameter stands for: a problem that is invalid, unless that has been looked at.
static void check(cudnnStatus_t status, convcheck_status blamed = CONVCHECK_REJECTED) {
    if (status == CUDNN_STATUS_SUCCESS) return;
    std::string words = cudnnGetErrorString(status);
    char more[1024] = "";
    cudnnGetLastErrorString(more, sizeof more);
    if (*more) words += std::string(": ") + more;
    if (status == CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED
        || status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED)
        throw Declined(CONVCHECK_REFUSED, words);
    const auto category = CUDNN_STATUS_CATEGORY(status);
    if (category == CUDNN_STATUS_BAD_PARAM) throw Declined(blamed, words);
    if (category == CUDNN_STATUS_NOT_SUPPORTED) throw Declined(CONVCHECK_UNSUPPORTED, words);
    check(cudaDeviceSynchronize());
    throw Declined(CONVCHECK_ERROR, words);
}

/// A number as cuDNN takes them.
static int narrow(int64_t number) {
    if (number != int(number)) throw Declined(CONVCHECK_REFUSED, "a number beyond 31 bits");
    return int(number);
}

/// Memory of the device. It begins as NaN, so that nothing is right by chance.
struct Memory {
    void *data = nullptr;
    explicit Memory(size_t bytes) {
        check(cudaMalloc(&data, bytes));
        if (bytes) check(cudaMemset(data, 0xFF, bytes));
    }
    ~Memory() { cudaFree(data); }
    Memory(const Memory &) = delete;
};

/// A descriptor of cuDNN's.
template <typename Made, cudnnStatus_t create(Made *), cudnnStatus_t destroy(Made)> struct Descriptor {
    Made made = nullptr;
    Descriptor() { check(create(&made)); }
    ~Descriptor() { destroy(made); }
    Descriptor(const Descriptor &) = delete;
    operator Made() const { return made; }
};

/// cuDNN's type. Sums of int8 are float32 to it.
static cudnnDataType_t type(const convcheck_tensor &t) {
    switch (t.type) {
    case CONVCHECK_FLOAT64: return CUDNN_DATA_DOUBLE;
    case CONVCHECK_FLOAT16: return CUDNN_DATA_HALF;
    case CONVCHECK_BFLOAT16: return CUDNN_DATA_BFLOAT16;
    case CONVCHECK_INT8: return CUDNN_DATA_INT8;
    default: return CUDNN_DATA_FLOAT;
    }
}

/// The bytes of an element, here and there.
static int64_t width(const convcheck_tensor &t) {
    if (t.type == CONVCHECK_FLOAT64) return 8;
    if (t.type == CONVCHECK_INT8) return 1;
    return t.type == CONVCHECK_FLOAT16 || t.type == CONVCHECK_BFLOAT16 ? 2 : 4;
}

/// cuDNN has one pad for both ends of an axis. What one end has more are rows or columns of zeros, beside the image.
struct Pads {
    int both[2];
    int64_t before[2] = {0, 0}, after[2] = {0, 0};
    explicit Pads(const convcheck_request &r) {
        for (int a = 0; a < 2; a++) {
            const int first = narrow(r.pads[2 * a]), last = narrow(r.pads[2 * a + 1]);
            both[a] = std::min(first, last), before[a] = int64_t(first) - both[a], after[a] = int64_t(last) - both[a];
        }
    }
};

/// A tensor on the device: dense, with its axes in some order, and within the zeros that the pads want around it.
struct Placed {
    const convcheck_tensor &host;
    int shape[4], strides[4];
    int64_t first = 0, bytes;
    std::unique_ptr<Memory> memory;

    Placed(const convcheck_tensor &host, const int (&order)[4], const Pads *pads) : host(host) {
        for (int a = 0; a < 4; a++) {
            const bool larger = pads && (a == 1 || a == 2);
            shape[a] = narrow(narrow(host.shape[a]) + (larger ? pads->before[a - 1] + pads->after[a - 1] : 0));
        }
        int64_t count = 1;
        for (int i = 3; i >= 0; i--) strides[order[i]] = narrow(count), count *= shape[order[i]];
        bytes = narrow(count) * width(host);
        for (int a = 0; a < 2; a++) first += pads ? pads->before[a] * strides[1 + a] : 0;
    }

    bool lies_as_on_host() const {
        return std::equal(shape, shape + 4, host.shape) && std::equal(strides, strides + 4, host.strides);
    }

    /// Calls `body` with where each element lies here and there, in bytes, and its place on the last axis.
    template <typename Body> void each(Body body) const {
        const int64_t *s = host.shape, *d = host.strides, size = width(host);
        for (int64_t i = 0; i < s[0]; i++)
            for (int64_t j = 0; j < s[1]; j++)
                for (int64_t k = 0; k < s[2]; k++)
                    for (int64_t l = 0; l < s[3]; l++)
                        body((i * d[0] + j * d[1] + k * d[2] + l * d[3]) * size,
                             (first + i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3]) * size, l);
    }

    /// Copies it to the device. So is an answer: what cuDNN leaves unwritten comes back as what was never written. Where
    /// there is a bias it begins as that, for cuDNN to add to before it rounds.
    void send(const convcheck_tensor *bias = nullptr) {
        memory = std::make_unique<Memory>(bytes);
        const char *from = static_cast<char *>(host.data), *added = bias ? static_cast<char *>(bias->data) : nullptr;
        const int64_t size = width(host);
        if (!bias && lies_as_on_host()) return check(cudaMemcpy(data(), from, bytes, cudaMemcpyHostToDevice));
        std::vector<char> copy(bytes);
        each([&](int64_t here, int64_t there, int64_t l) {
            std::memcpy(&copy[there], bias ? added + l * size : from + here, size);
        });
        check(cudaMemcpy(data(), copy.data(), bytes, cudaMemcpyHostToDevice));
    }

    /// Waits for what was begun, and copies the answer back.
    void fetch() const {
        char *const to = static_cast<char *>(host.data);
        const bool sums = host.type == CONVCHECK_INT32;
        if (!sums && lies_as_on_host()) return check(cudaMemcpy(to, data(), bytes, cudaMemcpyDeviceToHost));
        std::vector<char> copy(bytes);
        check(cudaMemcpy(copy.data(), data(), bytes, cudaMemcpyDeviceToHost));
        each([&](int64_t here, int64_t there, int64_t) {
            if (!sums) return void(std::memcpy(to + here, &copy[there], width(host)));
            float sum;
            std::memcpy(&sum, &copy[there], sizeof sum);
            *reinterpret_cast<int32_t *>(to + here) = int32_t(sum);
        });
    }

    void *data() const { return memory->data; }
};

struct Image : Placed {
    Descriptor<cudnnTensorDescriptor_t, cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor> descriptor;
    Image(const convcheck_tensor &t, bool last, const Pads *pads = nullptr)
        : Placed(t, last ? nhwc : nchw, pads) {
        const int *s = shape, *d = strides;
        check(cudnnSetTensor4dDescriptorEx(descriptor, type(t), s[0], s[3], s[1], s[2], d[0], d[3], d[1], d[2]));
    }
    static constexpr int nhwc[4] = {0, 1, 2, 3}, nchw[4] = {0, 3, 1, 2};
};

struct Filter : Placed {
    Descriptor<cudnnFilterDescriptor_t, cudnnCreateFilterDescriptor, cudnnDestroyFilterDescriptor> descriptor;
    Filter(const convcheck_tensor &t, bool last) : Placed(t, last ? ohwi : oihw, nullptr) {
        const auto format = last ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW;
        check(cudnnSetFilter4dDescriptor(descriptor, type(t), format, shape[3], shape[2], shape[0], shape[1]));
    }
    static constexpr int ohwi[4] = {3, 0, 1, 2}, oihw[4] = {3, 2, 0, 1};
};
