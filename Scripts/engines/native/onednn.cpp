// debian = ["libdnnl-dev", "g++"]
// libraries = ["dnnl", "gomp"]
//
// oneDNN on the CPU. The formats are its own choice, as in a network; tensors of every layout reach it as strides.
//
//     lib:libonednn.so                 direct; the gradient of the input is the backward convolution
//     lib:libonednn.so#auto            the algorithm is oneDNN's choice, Winograd among them
//     lib:libonednn.so#plain           direct, in the kernels for tensors as they lie
//     lib:libonednn.so#deconvolution   the gradient of the input is the forward deconvolution, as where it has a bias
#include <convcheck_engine.h>
#include <omp.h>

#include <cstdio>
#include <oneapi/dnnl/dnnl.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace dnnl;
using Dims = memory::dims;

/// What the adapter has to say itself.
struct Declined : std::runtime_error {
    convcheck_status status;
    Declined(convcheck_status status, const char *words) : std::runtime_error(words), status(status) {}
};

/// A tensor in oneDNN's words: what it is to the primitive, how it lies, and where.
struct Operand {
    int argument;
    memory::desc lies;
    void *data;
};

static const engine &cpu() {
    static const engine one(engine::kind::cpu, 0);
    return one;
}

static memory::data_type type(const convcheck_tensor &t) {
    switch (t.type) {
    case CONVCHECK_FLOAT32: return memory::data_type::f32;
    case CONVCHECK_FLOAT16: return memory::data_type::f16;
    case CONVCHECK_BFLOAT16: return memory::data_type::bf16;
    case CONVCHECK_INT8: return memory::data_type::s8;
    case CONVCHECK_UINT8: return memory::data_type::u8;
    default: return memory::data_type::s32;
    }
}

/// An image as NCHW.
static Operand image(int argument, const convcheck_tensor &t) {
    const int64_t *s = t.shape, *d = t.strides;
    return {argument, {{s[0], s[3], s[1], s[2]}, type(t), Dims{d[0], d[3], d[1], d[2]}}, t.data};
}

/// A bias, which may be missing.
static Operand bias(int argument, const convcheck_tensor *t) {
    if (!t) return {argument, {}, nullptr};
    return {argument, {{t->shape[0]}, type(*t), memory::format_tag::a}, t->data};
}

/// A filter as OIHW, with the groups in front where there are several. To a deconvolution, which makes channels of
/// filters, O are the channels.
static Operand filter(int argument, const convcheck_tensor &t, int64_t groups, bool deconvolution = false) {
    const int64_t *s = t.shape, *d = t.strides;
    // oneDNN takes the first for an invalid argument, and is told of groups by an axis of their own, which divides.
    if (t.type == CONVCHECK_UINT8) throw Declined(CONVCHECK_UNSUPPORTED, "oneDNN has no weights of uint8");
    if (groups < 1 || s[3] % groups) throw Declined(CONVCHECK_REJECTED, "the filters do not fall into the groups");
    Dims shape{s[3] / groups, s[2], s[0], s[1]}, strides{d[3], d[2], d[0], d[1]};
    const int64_t group = shape[0] * d[3];
    if (deconvolution) std::swap(shape[0], shape[1]), std::swap(strides[0], strides[1]);
    if (groups > 1) shape.insert(shape.begin(), groups), strides.insert(strides.begin(), group);
    return {argument, {shape, type(t), strides}, t.data};
}

/// Zero points and scales; oneDNN multiplies a sum by one factor.
static primitive_attr quantization(const convcheck_request &r) {
    primitive_attr attributes;
    const auto shift = [&](int argument, const convcheck_quantization &q, int mask) {
        const std::vector<int32_t> zeros(q.zero_points, q.zero_points + q.zero_point_count);
        for (int32_t zero : zeros)
            if (zero) return attributes.set_zero_points(argument, zeros.size() > 1 ? mask : 0, zeros);
    };
    shift(DNNL_ARG_SRC, r.input_quantization, 0);
    shift(DNNL_ARG_WEIGHTS, r.filter_quantization, r.groups > 1 ? 3 : 1);
    shift(DNNL_ARG_DST, r.output_quantization, 0);
    std::vector<float> factors;
    for (uint64_t f = 0; f < r.filter_quantization.scale_count; f++)
        factors.push_back(double(r.input_quantization.scales[0]) * r.filter_quantization.scales[f]
                          / r.output_quantization.scales[0]);
    if (!factors.empty()) attributes.set_output_scales(factors.size() > 1 ? 2 : 0, factors);
    return attributes;
}

/// Says which kernel it was, and of a Winograd the tile by which its errors are judged.
static void tell(const convcheck_request &r, const std::string &kernel) {
    const char *how = "";
    if (kernel.find("wino_2x3") != kernel.npos) how = R"("algorithm":"winograd","tile":[2,2],)";
    else if (kernel.find("wino_4x3") != kernel.npos) how = R"("algorithm":"winograd","tile":[4,4],)";
    else if (kernel.find("wino") != kernel.npos) how = R"("algorithm":"transform",)";
    std::snprintf(r.message, r.message_size, R"({%s"implementation":"%s"})", how, kernel.c_str());
}

/// Runs a primitive, with each tensor moved to the format that it wants.
template <typename Primitive>
static void run(const convcheck_request &r, const typename Primitive::primitive_desc &wants,
                const std::vector<Operand> &operands, const Operand &answer) {
    stream queue(cpu());
    std::unordered_map<int, memory> arguments;
    const auto wanted = [&](int argument) { return wants.query_md(query::exec_arg_md, argument); };
    for (const Operand &operand : operands) {
        if (!operand.data) continue;
        memory own(operand.lies, cpu(), operand.data), placed = own;
        if (wanted(operand.argument) != operand.lies) {
            placed = memory(wanted(operand.argument), cpu());
            reorder(own, placed).execute(queue, own, placed);
        }
        arguments[operand.argument] = placed;
    }
    memory own(answer.lies, cpu(), answer.data);
    const bool direct = wanted(answer.argument) == answer.lies;
    arguments[answer.argument] = direct ? own : memory(wanted(answer.argument), cpu());
    // The gradient of a bias comes with that of the filter.
    if (answer.argument == DNNL_ARG_DIFF_BIAS)
        arguments[DNNL_ARG_DIFF_WEIGHTS] = memory(wanted(DNNL_ARG_DIFF_WEIGHTS), cpu());
    Primitive(wants).execute(queue, arguments);
    if (!direct) reorder(arguments[answer.argument], own).execute(queue, arguments[answer.argument], own);
    queue.wait();
    tell(r, wants.impl_info_str());
}

static void compute(const convcheck_request &r) {
    const std::string name = r.engine;
    const auto any = [&](const Operand &o) {
        return name == "plain" ? o.lies : memory::desc(o.lies.dims(), o.lies.data_type(), memory::format_tag::any);
    };
    const auto choice = name == "auto" ? algorithm::convolution_auto : algorithm::convolution_direct;
    const Dims strides(r.strides, r.strides + 2), dilations{r.dilations[0] - 1, r.dilations[1] - 1};
    const Dims before{r.pads[0], r.pads[2]}, after{r.pads[1], r.pads[3]};
    // The backward primitives ask for the description of the forward one that they belong to.
    const auto forward = [&](const Operand &x, const Operand &w, const Operand &b, const Operand &y, prop_kind kind) {
        return convolution_forward::primitive_desc(
            {kind, choice, any(x), any(w), b.lies, any(y), strides, dilations, before, after}, quantization(r), cpu());
    };
    const auto training = prop_kind::forward_training;
    if (r.operation == CONVCHECK_FORWARD) {
        const auto x = image(DNNL_ARG_SRC, *r.input), w = filter(DNNL_ARG_WEIGHTS, *r.filter, r.groups);
        const auto b = bias(DNNL_ARG_BIAS, r.bias), y = image(DNNL_ARG_DST, *r.answer);
        run<convolution_forward>(r, forward(x, w, b, y, prop_kind::forward_inference), {x, w, b}, y);
    } else if (r.operation == CONVCHECK_INPUT_GRADIENT && (r.bias || name == "deconvolution")) {
        const auto x = image(DNNL_ARG_SRC, *r.output), w = filter(DNNL_ARG_WEIGHTS, *r.filter, r.groups, true);
        const auto b = bias(DNNL_ARG_BIAS, r.bias), y = image(DNNL_ARG_DST, *r.answer);
        run<deconvolution_forward>(r,
            {{prop_kind::forward_inference, algorithm::deconvolution_direct, any(x), any(w), b.lies, any(y), strides,
              dilations, before, after}, cpu()},
            {x, w, b}, y);
    } else if (r.operation == CONVCHECK_INPUT_GRADIENT) {
        const auto x = image(DNNL_ARG_DIFF_SRC, *r.answer), w = filter(DNNL_ARG_WEIGHTS, *r.filter, r.groups);
        const auto y = image(DNNL_ARG_DIFF_DST, *r.output);
        run<convolution_backward_data>(r,
            {{choice, any(x), any(w), any(y), strides, dilations, before, after}, cpu(),
             forward(x, w, {}, y, training)},
            {w, y}, x);
    } else if (r.operation == CONVCHECK_FILTER_GRADIENT) {
        const auto x = image(DNNL_ARG_SRC, *r.input), w = filter(DNNL_ARG_DIFF_WEIGHTS, *r.answer, r.groups);
        const auto y = image(DNNL_ARG_DIFF_DST, *r.output);
        run<convolution_backward_weights>(r,
            {{choice, any(x), any(w), any(y), strides, dilations, before, after}, cpu(),
             forward(x, w, {}, y, training)},
            {x, y}, w);
    } else {
        // Of the convolution no more than its output is known: here one of a single channel of zeros by single taps.
        const auto y = image(DNNL_ARG_DIFF_DST, *r.output), b = bias(DNNL_ARG_DIFF_BIAS, r.answer);
        const Dims shape = y.lies.dims();
        std::vector<float> zeros(shape[0] * shape[2] * shape[3] + 1);
        const auto real = type(*r.output);
        const Dims single{shape[0], 1, shape[2], shape[3]};
        const Operand x{DNNL_ARG_SRC, {single, real, memory::format_tag::nchw}, zeros.data()};
        const Operand w{DNNL_ARG_DIFF_WEIGHTS, {{shape[1], 1, 1, 1}, real, memory::format_tag::oihw}, nullptr};
        const Dims one{1, 1}, none{0, 0};
        const convolution_forward::primitive_desc hint(
            {training, choice, any(x), any(w), b.lies, any(y), one, none, none}, cpu());
        run<convolution_backward_weights>(r,
            {{choice, any(x), any(w), b.lies, any(y), one, none, none}, cpu(), hint}, {x, y}, b);
    }
}

const char *convcheck_capabilities_v1(const char *name) {
    omp_set_num_threads(1);
    const std::string engine = name;
    if (!engine.empty() && engine != "auto" && engine != "plain" && engine != "deconvolution") return nullptr;
    static std::string text;
    const dnnl_version_t *version = dnnl_version();
    text = R"({"engine":{"name":"onednn)" + (engine.empty() ? "" : "-" + engine) + R"(","version":")"
           + std::to_string(version->major) + "." + std::to_string(version->minor) + "."
           + std::to_string(version->patch)
           + R"("},"capabilities":{"input_layouts":["NCHW","NHWC"],"filter_layouts":["OIHW","HWIO","OHWI","HWOI"],)"
             R"("dtypes":["float32","float16","bfloat16","int8","uint8","int32"],"quantization":true,)"
             R"("operations":["forward","input-gradient","filter-gradient","bias-gradient"]}})";
    return text.c_str();
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
    } catch (const dnnl::error &error) {
        say(error.message);
        if (error.status == dnnl_unimplemented) return CONVCHECK_UNSUPPORTED;
        if (error.status == dnnl_invalid_arguments) return CONVCHECK_REJECTED;
        return error.status == dnnl_out_of_memory ? CONVCHECK_REFUSED : CONVCHECK_ERROR;
    } catch (const std::exception &error) {
        say(error.what());
        return CONVCHECK_ERROR;
    }
}
