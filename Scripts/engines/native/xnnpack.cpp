// debian = ["libxnnpack-dev", "libpthreadpool-dev", "g++"]
// libraries = ["XNNPACK"]
//
// XNNPACK on the CPU: its convolution of NHWC in float32 and in quantized uint8, and its deconvolution for the gradient
// of the input. SAME_UPPER at any stride is XNNPACK's own (TensorFlow's) rule.
#include <convcheck_engine.h>
#include <xnnpack.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

/// What is not for XNNPACK to say: it knows of channels, filters and the size of the answer by the others.
struct Declined : std::runtime_error {
    convcheck_status status;
    Declined(convcheck_status status, const char *words) : std::runtime_error(words), status(status) {}
};

static void check(xnn_status status) {
    if (status == xnn_status_success) return;
    if (status == xnn_status_out_of_memory) throw Declined(CONVCHECK_REFUSED, "out of memory");
    if (status == xnn_status_invalid_parameter) throw Declined(CONVCHECK_REJECTED, "invalid parameter");
    if (status == xnn_status_unsupported_parameter) throw Declined(CONVCHECK_UNSUPPORTED, "unsupported parameter");
    throw Declined(CONVCHECK_UNSUPPORTED, "unsupported hardware, or not initialized");
}

static uint32_t narrow(int64_t number) {
    if (number < 0) throw Declined(CONVCHECK_REJECTED, "a number below 0, which XNNPACK cannot be given");
    if (number > std::numeric_limits<uint32_t>::max()) throw Declined(CONVCHECK_REFUSED, "a number beyond 32 bits");
    return uint32_t(number);
}

/// The elements with as many bytes behind them as XNNPACK may read.
template <typename T> static std::vector<T> copied(const convcheck_tensor &t) {
    const size_t count = t.shape[0] * t.shape[1] * t.shape[2] * t.shape[3];
    std::vector<T> copy(count + XNN_EXTRA_BYTES / sizeof(T));
    std::memcpy(copy.data(), t.data, count * sizeof(T));
    return copy;
}

/// The filter as a deconvolution wants it: for each group [channels, kernel height, kernel width, filters].
static std::vector<float> transposed(const convcheck_tensor &t, int64_t groups) {
    const int64_t *s = t.shape, *d = t.strides, filters = s[3] / groups;
    std::vector<float> result;
    for (int64_t g = 0; g < groups; g++)
        for (int64_t c = 0; c < s[2]; c++)
            for (int64_t y = 0; y < s[0]; y++)
                for (int64_t x = 0; x < s[1]; x++)
                    for (int64_t f = 0; f < filters; f++)
                        result.push_back(
                            static_cast<float *>(t.data)[y * d[0] + x * d[1] + c * d[2] + (g * filters + f) * d[3]]);
    result.resize(result.size() + XNN_EXTRA_BYTES / sizeof(float));
    return result;
}

struct Operator {
    xnn_operator_t made = nullptr;
    ~Operator() { if (made) xnn_delete_operator(made); }
};

static void compute(const convcheck_request &r) {
    const bool forward = r.operation == CONVCHECK_FORWARD;
    const convcheck_tensor &image = forward ? *r.input : *r.output, &filter = *r.filter, &answer = *r.answer;
    const convcheck_tensor &input = forward ? image : answer, &output = forward ? answer : image;
    const int64_t *k = filter.shape, channels = input.shape[3];
    if (r.groups < 1 || k[3] % r.groups || channels != k[2] * r.groups || output.shape[3] != k[3])
        throw Declined(CONVCHECK_REJECTED, "groups, channels and filters do not fit each other");
    if (input.shape[0] != output.shape[0]) throw Declined(CONVCHECK_REJECTED, "batches of different sizes");
    if (r.bias && r.bias->shape[0] != (forward ? k[3] : channels))
        throw Declined(CONVCHECK_REJECTED, "a bias of another size");
    int64_t rest[2];
    for (int a = 0; a < 2; a++) {
        if (r.strides[a] < 1) throw Declined(CONVCHECK_REJECTED, "a stride below 1");
        narrow(r.dilations[a]), narrow(r.pads[2 * a]), narrow(r.pads[2 * a + 1]);
        const int64_t span = (k[a] - 1) * r.dilations[a] + 1;
        const int64_t size = input.shape[1 + a] + r.pads[2 * a] + r.pads[2 * a + 1];
        if (size < span) throw Declined(CONVCHECK_REJECTED, "the kernel is larger than the padded image");
        rest[a] = size - span - (output.shape[1 + a] - 1) * r.strides[a];
    }
    for (int a = 0; a < 4; a++)
        if (!image.shape[a] || !answer.shape[a])
            throw Declined(CONVCHECK_UNSUPPORTED, "XNNPACK takes no tensor without elements");
    const bool same = forward && r.padding == CONVCHECK_SAME_UPPER;
    const uint32_t flags = same ? XNN_FLAG_TENSORFLOW_SAME_PADDING : 0;
    const auto pad = [&](int side) { return same ? 0 : narrow(r.pads[side]); };
    const uint32_t top = pad(0), bottom = pad(1), left = pad(2), right = pad(3);
    const uint32_t height = narrow(k[0]), width = narrow(k[1]), groups = narrow(r.groups);
    const uint32_t sh = narrow(r.strides[0]), sw = narrow(r.strides[1]);
    const uint32_t dh = narrow(r.dilations[0]), dw = narrow(r.dilations[1]);
    const size_t inner = k[2], outer = k[3] / r.groups, filters = k[3], batch = image.shape[0];
    Operator convolution;
    if (filter.type == CONVCHECK_UINT8) {
        const auto x = copied<uint8_t>(image), w = copied<uint8_t>(filter);
        const convcheck_quantization &in = r.input_quantization, &taps = r.filter_quantization;
        const convcheck_quantization &out = r.output_quantization;
        if (taps.scale_count != 1 || taps.zero_point_count != 1)
            throw Declined(CONVCHECK_UNSUPPORTED, "one scale for each filter");
        const int32_t *bias = r.bias ? static_cast<int32_t *>(r.bias->data) : nullptr;
        check(xnn_create_convolution2d_nhwc_qu8(
            top, right, bottom, left, height, width, sh, sw, dh, dw, groups, inner, outer, channels, filters,
            in.zero_points[0], in.scales[0], taps.zero_points[0], taps.scales[0], w.data(), bias, out.zero_points[0],
            out.scales[0], 0, 255, flags, &convolution.made));
        check(xnn_setup_convolution2d_nhwc_qu8(convolution.made, batch, image.shape[1], image.shape[2], x.data(),
                                               static_cast<uint8_t *>(answer.data), nullptr));
        return check(xnn_run_operator(convolution.made, nullptr));
    }
    const auto x = copied<float>(image), w = forward ? copied<float>(filter) : transposed(filter, r.groups);
    const float *bias = r.bias ? static_cast<float *>(r.bias->data) : nullptr;
    float *const y = static_cast<float *>(answer.data);
    if (forward) {
        check(xnn_create_convolution2d_nhwc_f32(
            top, right, bottom, left, height, width, sh, sw, dh, dw, groups, inner, outer, channels, filters, w.data(),
            bias, -INFINITY, INFINITY, flags, &convolution.made));
        check(xnn_setup_convolution2d_nhwc_f32(
            convolution.made, batch, image.shape[1], image.shape[2], x.data(), y, nullptr));
    } else {
        check(xnn_create_deconvolution2d_nhwc_f32(
            top, right, bottom, left, height, width, sh, sw, dh, dw, groups, outer, inner, filters, channels, w.data(),
            bias, -INFINITY, INFINITY, 0, &convolution.made));
        check(xnn_setup_deconvolution2d_nhwc_f32(
            convolution.made, batch, image.shape[1], image.shape[2], narrow(rest[0]), narrow(rest[1]), x.data(), y,
            nullptr));
    }
    check(xnn_run_operator(convolution.made, nullptr));
}

const char *convcheck_capabilities_v1(const char *name) {
    if (*name) return nullptr;
    return R"({"engine":{"name":"xnnpack","version":"2022-02-16"},"capabilities":{"input_layouts":["NHWC"],)"
           R"("filter_layouts":["OHWI"],"dtypes":["float32","uint8"],"quantization":true,)"
           R"("operations":["forward","input-gradient"]}})";
}

convcheck_status convcheck_convolve_v1(const convcheck_request *request) {
    try {
        check(xnn_initialize(nullptr));
        compute(*request);
        return CONVCHECK_DONE;
    } catch (const Declined &error) {
        std::snprintf(request->message, request->message_size, "%s", error.what());
        return error.status;
    } catch (const std::exception &error) {
        std::snprintf(request->message, request->message_size, "%s", error.what());
        return CONVCHECK_REFUSED;
    }
}
