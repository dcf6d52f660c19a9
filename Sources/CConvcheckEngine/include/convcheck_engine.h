/*
 * convcheck_engine.h: an implementation of 2-D convolution as a shared library, to be checked by convcheck.
 *
 * ABI version 1. C99 and C++, no dependencies.
 *
 *     cc -O2 -fPIC -shared -I .../Sources/CConvcheckEngine/include mine.c -o libmine.so
 *     convcheck run --engine lib:./libmine.so
 *
 * A library exports two functions: convcheck_capabilities_v1 says what it can do, convcheck_convolve_v1 does it. One
 * with several engines is given the name of the one that is wanted: lib:./libmine.so#NAME.
 *
 * Processes and threads. The library is loaded into a process of its own, never into convcheck's; a run with several
 * jobs has several such processes. In each, both functions are called by one thread, the first, one call at a time. The
 * library may start threads of its own, but when a call returns nothing may still read or write what it was given.
 * What it prints, on standard output too, is shown to the user and never judged.
 *
 * Ownership and lifetimes. Everything that a call is given belongs to convcheck, lies in the host's memory (none in a
 * device's), and is valid until the call returns. The library frees none of it, and writes to two things only: the
 * elements of the answer, and the message. After each call it is checked whether an operand was changed, an element of
 * the answer left unwritten, or a byte beside a tensor or the message written; each is an error of that case. A crash,
 * an exit or a hang costs its case and no other: the library is then loaded anew.
 *
 * Growth. A field may be added at the end of a struct without another ABI version: a library that is newer than the
 * convcheck that calls it finds in `size` whether a field is there. Another ABI version has functions of other names.
 * The fields from input_quantization on were added later. Operations and element types are sent to libraries that
 * declare them, and never to others.
 */
#ifndef CONVCHECK_ENGINE_H
#define CONVCHECK_ENGINE_H

#include <stdint.h>

#define CONVCHECK_ABI_VERSION 1

#if defined(_WIN32)
#define CONVCHECK_EXPORT __declspec(dllexport)
#elif defined(__GNUC__)
#define CONVCHECK_EXPORT __attribute__((visibility("default")))
#else
#define CONVCHECK_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a call. Any other number is an error of the case. With all but CONVCHECK_DONE the answer is ignored,
 * and the message is shown with the case. */
typedef int32_t convcheck_status;
enum {
    /* The answer is complete: every element of it has been written. */
    CONVCHECK_DONE = 0,
    /* The problem is valid, but this engine cannot compute it. Never counted as passed. */
    CONVCHECK_UNSUPPORTED = 1,
    /* The problem is invalid: it has no output. Right for an invalid problem, a failure for a valid one. */
    CONVCHECK_REJECTED = 2,
    /* The engine declines, and the cause may be the problem or its own limits: memory that is not there, a number
     * beyond its integers. Right for an invalid problem, unsupported for a valid one. */
    CONVCHECK_REFUSED = 3,
    /* The engine tried and failed. */
    CONVCHECK_ERROR = 4
};

/* What is computed. */
enum {
    /* The convolution of deep learning, which is a cross-correlation: input, filter and perhaps a bias give the output.
     * All are described at convcheck_convolve_v1. */
    CONVCHECK_FORWARD = 1,
    /* The gradient of the input, which is the transposed convolution of conv2d_transpose and ConvTranspose2d: output,
     * filter and perhaps a bias, of one number for each channel, give the input. */
    CONVCHECK_INPUT_GRADIENT = 2,
    /* Input and output give the filter. */
    CONVCHECK_FILTER_GRADIENT = 3,
    /* The output gives the bias. */
    CONVCHECK_BIAS_GRADIENT = 4
};

/* The type of a tensor's elements. In floating point all tensors of a call have the same. int8 and uint8 may be mixed;
 * they give int32, or int8 or uint8 where there are scales, and the bias has int32 then. */
enum {
    /* IEEE 754 binary64, a C double. */
    CONVCHECK_FLOAT64 = 1,
    /* IEEE 754 binary32, a C float. */
    CONVCHECK_FLOAT32 = 2,
    /* IEEE 754 binary16, in 2 bytes. */
    CONVCHECK_FLOAT16 = 3,
    /* The upper half of a binary32, in 2 bytes. */
    CONVCHECK_BFLOAT16 = 4,
    CONVCHECK_INT8 = 5,
    CONVCHECK_UINT8 = 6,
    CONVCHECK_INT32 = 7
};

/* What a tensor is to the convolution, and with it what its axes mean. */
enum {
    /* [batch, height, width, channels] */
    CONVCHECK_INPUT = 1,
    /* [kernel height, kernel width, channels / groups, filters] */
    CONVCHECK_FILTER = 2,
    /* [filters]; as an operand of CONVCHECK_INPUT_GRADIENT [channels] */
    CONVCHECK_BIAS = 3,
    /* [batch, output height, output width, filters] */
    CONVCHECK_OUTPUT = 4
};

/* How a tensor lies in memory, outermost axis first. Its strides say the same. */
enum {
    /* One axis: the bias. */
    CONVCHECK_DENSE = 0,
    CONVCHECK_NHWC = 1,
    CONVCHECK_NCHW = 2,
    /* I: channels / groups, O: filters */
    CONVCHECK_HWIO = 3,
    CONVCHECK_OIHW = 4,
    CONVCHECK_OHWI = 5,
    CONVCHECK_HWOI = 6
};

/* How the problem states its padding. The pads stand in `pads` whichever it is. */
enum {
    CONVCHECK_VALID = 0,
    /* out = ceil(in / stride), an odd pad at the end of the axis */
    CONVCHECK_SAME_UPPER = 1,
    /* the same with an odd pad at its beginning */
    CONVCHECK_SAME_LOWER = 2,
    CONVCHECK_EXPLICIT = 3
};

/* A tensor. `shape` and `strides` are in the order of the role's axes, above, in every layout: an engine that finds its
 * elements by the strides takes every layout without looking at it. */
typedef struct convcheck_tensor {
    /* The size of this struct, in bytes, as convcheck knows it. */
    uint64_t size;
    /* CONVCHECK_INPUT, CONVCHECK_FILTER, CONVCHECK_BIAS, CONVCHECK_OUTPUT */
    int32_t role;
    /* CONVCHECK_FLOAT64 to CONVCHECK_INT32 */
    int32_t type;
    /* One of those that the library declares: input and output have the same, whichever of them is given and whichever
     * is wanted. CONVCHECK_DENSE for the bias. */
    int32_t layout;
    /* The number of axes: 4, or 1 for the bias. */
    int32_t rank;
    /* The extent of each axis, in elements: 0 or more, and 1 for the axes beyond the rank. */
    int64_t shape[4];
    /* The distance between neighbours along each axis, in elements (not bytes): element [a, b, c, d] is
     * data[a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3]]. A tensor is dense in its layout,
     * unless the library declares "views": then each case is also given tensors whose rows lie apart, which are part
     * of larger images, or whose images lie in the opposite order (strides[0] is below 0). What lies between their
     * elements may be read, and is not to be written. */
    int64_t strides[4];
    /* Element [0, 0, 0, 0], never NULL, though there may be no element. Its address is a multiple of an element's size,
     * and of the "alignment" that the library declares. The memory is the engine's until the call returns; right before
     * or right behind it lies memory that nobody may read or write. */
    void *data;
} convcheck_tensor;

/* How integers stand for numbers: element q for (q - zero point) * scale. The arrays have one element, or those of a
 * filter one for each filter, in the order of the filters; they are NULL where their count is 0. This struct does not
 * grow. */
typedef struct convcheck_quantization {
    /* Given for input and filter wherever they are integers, and for an answer in int8 or uint8. */
    const int32_t *zero_points;
    uint64_t zero_point_count;
    /* Finite and above 0; given for input, filter and answer where that is int8 or uint8. */
    const float *scales;
    uint64_t scale_count;
} convcheck_quantization;

/* One call: a problem, its operands, and room for what is to be said. */
typedef struct convcheck_request {
    /* The size of this struct, in bytes, as convcheck knows it. */
    uint64_t size;
    /* NAME of lib:PATH#NAME, UTF-8; an empty string where no name was given. */
    const char *engine;
    /* CONVCHECK_FORWARD to CONVCHECK_BIAS_GRADIENT. Strides, dilations, padding, pads and groups are the forward
     * convolution's in all of them. */
    int32_t operation;
    /* CONVCHECK_VALID, CONVCHECK_SAME_UPPER, CONVCHECK_SAME_LOWER, CONVCHECK_EXPLICIT */
    int32_t padding;
    /* Height, width, in input elements. */
    int64_t strides[2];
    /* Height, width, in input elements; 1 is a dense filter. */
    int64_t dilations[2];
    /* Top, bottom, left, right, in input elements: resolved, whatever `padding` is. Below 0 they crop the input, and
     * are sent only to a library that declares "negative_pads". */
    int64_t pads[4];
    /* Channels and filters fall into this many groups; filter f sees the channels of group f / (filters / groups). */
    int64_t groups;
    /* The operands by role, NULL for what is none: forward has an input, a filter, and perhaps a bias. The operand
     * `output` of the gradients is the gradient with respect to the output. */
    const convcheck_tensor *input;
    const convcheck_tensor *filter;
    const convcheck_tensor *bias;
    const convcheck_tensor *output;
    /* To be filled. A gradient has the shape that is wanted: of the input, of the filter, or [filters]. An output has
     * the shape that follows from the problem by
     * (in + pads - ((kernel - 1) * dilation + 1)) / stride + 1, rounded down, and at least 0. Where that cannot be told
     * (a stride of 0), or is beyond 64 bits, its extents are 0: such a problem is invalid. Other invalid ones have an
     * answer that looks like any other, so check the problem. */
    const convcheck_tensor *answer;
    /* Text for the report, in UTF-8, ended by a 0; empty at first. With CONVCHECK_DONE it stays empty, or says in JSON
     * how this answer was computed, where that is not as declared: the fields of the protocol's `result`, as in
     * {"algorithm":"winograd","tile":[4,4],"implementation":"winograd_4x4_3x3_avx2"}. */
    char *message;
    /* How many bytes the message may have, with its 0: 4096 today. */
    uint64_t message_size;
    /* Zero points and scales; all counts are 0 where the operands are floating-point numbers. */
    convcheck_quantization input_quantization;
    convcheck_quantization filter_quantization;
    convcheck_quantization output_quantization;
} convcheck_request;

/* What the engine is and takes: the greeting of convcheck's engine protocol (Scripts/engines/README.md), in JSON, of
 * which anything may be left out. "{}" is an engine with the library's name that convolves float32 in NHWC and HWIO,
 * takes everything but negative pads, and sums directly in float32. A fuller one:
 *
 *     {"engine":{"name":"mine","version":"1.0"},
 *      "capabilities":{"input_layouts":["NCHW"],"filter_layouts":["OIHW"],"groups":false,
 *                      "dtypes":["float32","float16"],"operations":["forward","input-gradient"]}}
 *
 * What it does not take is never sent. Called once in a process, before any convolution.
 *
 * engine: NAME of lib:PATH#NAME; an empty string where no name was given.
 * Returns a string of the library's, in UTF-8 and at most 64 KiB long, that stays valid and unchanged until the next
 * call of a function of the library; NULL where the library has no engine of that name. */
CONVCHECK_EXPORT const char *convcheck_capabilities_v1(const char *engine);

/* The convolution, a cross-correlation, or a gradient of it. Tap [i, j] of the window at [y, x] sees
 *
 *     row = y * strides[0] + i * dilations[0] - pads[0], column = x * strides[1] + j * dilations[1] - pads[2]
 *
 * of the input, with zeros outside of it. Filter f sees the channels from first(f) = f / (filters / groups) *
 * (channels / groups) on. Each operation sums the same products, over all indices that its answer does not have:
 *
 *     output[n, y, x, f] = bias[f] + sum of input[n, row, column, first(f) + c] * filter[i, j, c, f]
 *     input[n, row, column, first(f) + c] = bias[first(f) + c] + sum of output[n, y, x, f] * filter[i, j, c, f]
 *     filter[i, j, c, f] = sum of input[n, row, column, first(f) + c] * output[n, y, x, f]
 *     bias[f] = sum of output[n, y, x, f]
 *
 * Integers have their zero points subtracted before they are multiplied, and outside of the input there are still
 * zeros. Where there are scales, the answer is sum * input scale * filter scale / output scale, rounded to the nearest,
 * plus the output's zero point, and at the ends of its type what is beyond them.
 *
 * A problem may be invalid on purpose: no groups, a stride of 0, channels that disagree, a kernel larger than the
 * padded input. Then the right return value is CONVCHECK_REJECTED or CONVCHECK_REFUSED. */
CONVCHECK_EXPORT convcheck_status convcheck_convolve_v1(const convcheck_request *request);

#ifdef __cplusplus
}
#endif

#endif
