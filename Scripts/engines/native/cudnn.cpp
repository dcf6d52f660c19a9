// debian = ["g++"]
// toolkit = ["cuda"]
//
// cuDNN on a GPU. It is compiled only where `cuda_flags` finds CUDA's runtime and cuDNN 9; no kernel is our own.
//
//     lib:libcudnn.so                          as #implicit-precomp-gemm, which PyTorch takes unless it is told otherwise
//     lib:libcudnn.so#implicit-precomp-gemm    in the gradients ALGO_1
//     lib:libcudnn.so#implicit-gemm            in the gradients ALGO_0, which adds in no fixed order
//     lib:libcudnn.so#gemm                     in the gradient of the filter ALGO_3
//     lib:libcudnn.so#fft, #fft-tiling, #winograd, #winograd-nonfused
//     lib:libcudnn.so#auto                     the algorithm that cuDNN's heuristics put first, said with each answer
//     lib:libcudnn.so#tensor-cores             as #implicit-precomp-gemm on tensor cores, which round float32 to TF32
//
// All others multiply and add in float32 (CUDNN_FMA_MATH), or in float64.
#include <convcheck_engine.h>
#include <cuda_runtime.h>
#include <cudnn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>
#include <string>

#include "cudnn_tensors.hpp"

/// What a name stands for: cuDNN's algorithm for each operation, and what the capabilities say of how it computes.
struct Variant {
    const char *name;
    int forward, input_gradient, filter_gradient;
    const char *declares;
};

constexpr int none = -1, heuristics = -2;
static const Variant variants[] = {
    {"implicit-precomp-gemm", CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
     CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1, ""},
    {"implicit-gemm", CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, CUDNN_CONVOLUTION_BWD_DATA_ALGO_0,
     CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0, ""},
    {"gemm", CUDNN_CONVOLUTION_FWD_ALGO_GEMM, none, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3, ""},
    {"fft", CUDNN_CONVOLUTION_FWD_ALGO_FFT, CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT,
     R"("algorithm":"fft",)"},
    {"fft-tiling", CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING, CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT_TILING,
     CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT_TILING, R"("algorithm":"fft",)"},
    // cuDNN does not say what tiles it has, so none is declared.
    {"winograd", CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD, CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD, none,
     R"("algorithm":"winograd",)"},
    {"winograd-nonfused", CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED,
     CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED,
     R"("algorithm":"winograd",)"},
    {"auto", heuristics, heuristics, heuristics, ""},
    {"tensor-cores", CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
     CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1, R"("arithmetic":"tf32",)"},
};

static const Variant *variant(const std::string &name) {
    if (name.empty()) return variants;
    for (const Variant &one : variants)
        if (name == one.name) return &one;
    return nullptr;
}

/// The device, at the first call. Without one the process ends here, and with it a run that has not begun.
static cudnnHandle_t device() {
    static cudnnHandle_t handle = [] {
        cudnnHandle_t made = nullptr;
        int count = 0;
        const cudaError_t error = cudaGetDeviceCount(&count);
        const cudnnStatus_t status = error || !count ? CUDNN_STATUS_NOT_INITIALIZED : cudnnCreate(&made);
        if (status == CUDNN_STATUS_SUCCESS) return made;
        const char *words = error ? cudaGetErrorString(error) : count ? cudnnGetErrorString(status) : "there is none";
        std::fprintf(stderr, "cudnn: no GPU that cuDNN can use: %s\n", words);
        std::exit(3);
    }();
    return handle;
}

struct Convolution {
    Descriptor<cudnnConvolutionDescriptor_t, cudnnCreateConvolutionDescriptor, cudnnDestroyConvolutionDescriptor> made;
    Convolution(const convcheck_request &r, const Pads &pads, int32_t element) {
        const bool cores = !std::strcmp(r.engine, "tensor-cores"), whole = element == CONVCHECK_INT8;
        const auto sums = element == CONVCHECK_FLOAT64 ? CUDNN_DATA_DOUBLE : whole ? CUDNN_DATA_INT32 : CUDNN_DATA_FLOAT;
        check(cudnnSetConvolution2dDescriptor(
            made, pads.both[0], pads.both[1], narrow(r.strides[0]), narrow(r.strides[1]), narrow(r.dilations[0]),
            narrow(r.dilations[1]), CUDNN_CROSS_CORRELATION, sums));
        check(cudnnSetConvolutionGroupCount(made, narrow(r.groups)));
        // cuDNN's default takes tensor cores for float32, and for numbers of 16 bits the other one does.
        const auto any = element == CONVCHECK_FLOAT32 || whole ? CUDNN_DEFAULT_MATH : CUDNN_TENSOR_OP_MATH;
        check(cudnnSetConvolutionMathType(made, cores || whole ? any : CUDNN_FMA_MATH));
    }
};

/// 0 and 1 in the type in which cuDNN wants its factors.
static const void *factor(const convcheck_tensor &t, bool one) {
    static const double wide[] = {0, 1};
    static const float slim[] = {0, 1};
    return t.type == CONVCHECK_FLOAT64 ? static_cast<const void *>(wide + one) : slim + one;
}

/// Any of the three operations: they have the same arguments, and algorithms of their own. `Choice` is a proposal of one.
template <typename Choice, typename Propose, typename Measure, typename Perform, typename A, typename B, typename C>
static void run(const convcheck_request &r, const Convolution &convolution, int Variant::*of, Propose propose,
                Measure measure, Perform perform, A &a, B &b, C &answer) {
    const int wanted = variant(r.engine)->*of;
    if (wanted == none) throw Declined(CONVCHECK_UNSUPPORTED, "cuDNN has no such algorithm for this operation");
    auto algorithm = decltype(Choice::algo)(wanted);
    if (wanted == heuristics) {
        Choice choices[16];
        int count = 0;
        check(propose(device(), a.descriptor, b.descriptor, convolution.made, answer.descriptor, 16, &count, choices),
              CONVCHECK_REFUSED);
        const Choice *first = std::find_if(choices, choices + count, [](auto &one) { return !one.status; });
        if (first == choices + count) throw Declined(CONVCHECK_REFUSED, "cuDNN proposes no algorithm");
        algorithm = first->algo;
    }
    size_t bytes = 0;
    check(measure(device(), a.descriptor, b.descriptor, convolution.made, answer.descriptor, algorithm, &bytes),
          CONVCHECK_REFUSED);
    const Memory workspace(bytes);
    a.send(), b.send(), answer.send(r.bias);
    check(perform(device(), factor(answer.host, true), a.descriptor, a.data(), b.descriptor, b.data(), convolution.made,
                  algorithm, workspace.data, bytes, factor(answer.host, r.bias), answer.descriptor, answer.data()),
          CONVCHECK_REFUSED);
    answer.fetch();
    if (wanted != heuristics) return;
    const auto *known = std::find_if(std::begin(variants), std::end(variants),
                                     [&](auto &one) { return one.*of == int(algorithm); });
    if (known != std::end(variants))
        std::snprintf(r.message, r.message_size, R"({%s"implementation":"%s"})", known->declares, known->name);
}

static void compute(const convcheck_request &r) {
    if (r.operation == CONVCHECK_BIAS_GRADIENT) {
        convcheck_tensor row = *r.answer;
        const int64_t count = row.shape[0], shape[] = {1, 1, 1, count}, strides[] = {count, count, count, 1};
        std::copy_n(shape, 4, row.shape), std::copy_n(strides, 4, row.strides);
        Image y(*r.output, r.output->layout == CONVCHECK_NHWC), bias(row, true);
        y.send(), bias.send();
        check(cudnnConvolutionBackwardBias(device(), factor(row, true), y.descriptor, y.data(), factor(row, false),
                                           bias.descriptor, bias.data()),
              CONVCHECK_REFUSED);
        return bias.fetch();
    }
    // The one that is not given is wanted.
    const auto or_answer = [&](const convcheck_tensor *t) -> const convcheck_tensor & { return t ? *t : *r.answer; };
    const convcheck_tensor &input = or_answer(r.input), &filter = or_answer(r.filter), &output = or_answer(r.output);
    const bool whole = input.type == CONVCHECK_INT8;
    if (r.bias && r.bias->shape[0] != r.answer->shape[3]) throw Declined(CONVCHECK_REJECTED, "a bias of another size");
    const auto shifted = [](const convcheck_quantization &q) {
        return std::any_of(q.zero_points, q.zero_points + q.zero_point_count, [](int32_t zero) { return zero != 0; });
    };
    if (whole && (r.operation != CONVCHECK_FORWARD || r.bias || shifted(r.input_quantization)
                  || shifted(r.filter_quantization)))
        throw Declined(CONVCHECK_UNSUPPORTED, "cuDNN has neither zero points, nor a bias or gradients of int8");
    const Pads pads(r);
    const Convolution convolution(r, pads, input.type);
    // cuDNN takes int8 in NHWC and OHWI alone.
    const bool last = whole || input.layout == CONVCHECK_NHWC;
    Image x(input, last, &pads), y(output, last);
    Filter w(filter, whole || filter.layout == CONVCHECK_OHWI);
    int n, c, height, width;
    check(cudnnGetConvolution2dForwardOutputDim(convolution.made, x.descriptor, w.descriptor, &n, &c, &height, &width));
    if (n != y.shape[0] || c != y.shape[3] || height != y.shape[1] || width != y.shape[2])
        throw Declined(CONVCHECK_REJECTED, "the output has another shape");
    if (whole && int64_t(w.shape[0]) * w.shape[1] * w.shape[2] > 1024)
        throw Declined(CONVCHECK_UNSUPPORTED, "cuDNN gives sums of int8 as float32, which has not all beyond 2^24");
    if (r.operation == CONVCHECK_FORWARD)
        run<cudnnConvolutionFwdAlgoPerf_t>(
            r, convolution, &Variant::forward, cudnnGetConvolutionForwardAlgorithm_v7,
            cudnnGetConvolutionForwardWorkspaceSize, cudnnConvolutionForward, x, w, y);
    else if (r.operation == CONVCHECK_INPUT_GRADIENT)
        run<cudnnConvolutionBwdDataAlgoPerf_t>(
            r, convolution, &Variant::input_gradient, cudnnGetConvolutionBackwardDataAlgorithm_v7,
            cudnnGetConvolutionBackwardDataWorkspaceSize, cudnnConvolutionBackwardData, w, y, x);
    else
        run<cudnnConvolutionBwdFilterAlgoPerf_t>(
            r, convolution, &Variant::filter_gradient, cudnnGetConvolutionBackwardFilterAlgorithm_v7,
            cudnnGetConvolutionBackwardFilterWorkspaceSize, cudnnConvolutionBackwardFilter, x, y, w);
}

const char *convcheck_capabilities_v1(const char *name) {
    const Variant *const wanted = variant(name);
    if (!wanted) return nullptr;
    device();
    int major = 0, minor = 0;
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0));
    check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0));
    const size_t version = cudnnGetVersion();
    static char text[1024];
    std::snprintf(text, sizeof text,
        R"({"engine":{"name":"cudnn%s%s","version":"%zu.%zu.%zu on sm_%d%d"},"capabilities":{%s)"
        R"("input_layouts":["NCHW","NHWC"],"filter_layouts":["OIHW","OHWI"],)"
        R"("dtypes":["float32","float16","bfloat16"%s],)"
        R"("operations":["forward","input-gradient","filter-gradient","bias-gradient"]}})",
        *name ? "-" : "", name, version / 10000, version % 10000 / 100, version % 100, major, minor, wanted->declares,
        std::strcmp(name, "tensor-cores") ? R"(,"float64","int8","int32")" : "");
    return text;
}

convcheck_status convcheck_convolve_v1(const convcheck_request *request) {
    const auto say = [&](const char *words) { std::snprintf(request->message, request->message_size, "%s", words); };
    try {
        compute(*request);
        return CONVCHECK_DONE;
    } catch (const Declined &error) {
        say(error.what());
        return error.status;
    } catch (const std::bad_alloc &error) {
        say(error.what());
        return CONVCHECK_REFUSED;
    } catch (const std::exception &error) {
        say(error.what());
        return CONVCHECK_ERROR;
    }
}
