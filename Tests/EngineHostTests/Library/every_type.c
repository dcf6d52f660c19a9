// Every operation and element type, by the strides and in the plainest loops. Its engine "float32" declares
// nothing, as a library does that knew of one type.

#include <convcheck_engine.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *convcheck_capabilities_v1(const char *engine) {
    if (!strcmp(engine, "float32")) return "{}";
    return "{\"capabilities\":{\"input_layouts\":[\"NHWC\",\"NCHW\"],"
           "\"filter_layouts\":[\"HWIO\",\"OIHW\",\"OHWI\",\"HWOI\"],\"quantization\":true,"
           "\"dtypes\":[\"float64\",\"float32\",\"float16\",\"bfloat16\",\"int8\",\"uint8\",\"int32\"],"
           "\"operations\":[\"forward\",\"input-gradient\",\"filter-gradient\",\"bias-gradient\"]}}";
}

static double half_to_double(uint16_t bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double size = exponent == 31 ? (fraction ? NAN : INFINITY)
                                 : ldexp(exponent ? fraction + 1024 : fraction, (exponent ? exponent : 1) - 25);
    return bits >> 15 ? -size : size;
}

static uint16_t half_from_double(double number) {
    uint16_t sign = signbit(number) ? 0x8000 : 0;
    double size = fabs(number);
    if (isnan(number)) return 0x7E00;
    if (size >= 65520) return sign | 0x7C00;
    if (size < 0x1p-14) return sign | (uint16_t)nearbyint(ldexp(size, 24));
    int exponent = ilogb(size);
    // What is rounded up to the next power of two carries into the exponent.
    return sign | (uint16_t)(((exponent + 14) << 10) + (int)nearbyint(ldexp(size, 10 - exponent)));
}

static int64_t place(const convcheck_tensor *t, int64_t a, int64_t b, int64_t c, int64_t d) {
    return a * t->strides[0] + b * t->strides[1] + c * t->strides[2] + d * t->strides[3];
}

static int64_t dense(const convcheck_tensor *t, int64_t a, int64_t b, int64_t c, int64_t d) {
    return ((a * t->shape[1] + b) * t->shape[2] + c) * t->shape[3] + d;
}

static double at(const convcheck_tensor *t, int64_t a, int64_t b, int64_t c, int64_t d) {
    int64_t i = place(t, a, b, c, d);
    const uint16_t *pairs = t->data;
    uint32_t bits;
    float number;
    switch (t->type) {
    case CONVCHECK_FLOAT64: return ((double *)t->data)[i];
    case CONVCHECK_FLOAT32: return ((float *)t->data)[i];
    case CONVCHECK_FLOAT16: return half_to_double(pairs[i]);
    case CONVCHECK_BFLOAT16:
        bits = (uint32_t)pairs[i] << 16;
        memcpy(&number, &bits, 4);
        return number;
    case CONVCHECK_INT8: return ((int8_t *)t->data)[i];
    case CONVCHECK_UINT8: return ((uint8_t *)t->data)[i];
    default: return ((int32_t *)t->data)[i];
    }
}

static void put(const convcheck_tensor *t, int64_t i, double number) {
    float single = number;
    uint32_t bits;
    memcpy(&bits, &single, 4);
    switch (t->type) {
    case CONVCHECK_FLOAT64: ((double *)t->data)[i] = number; break;
    case CONVCHECK_FLOAT32: ((float *)t->data)[i] = single; break;
    case CONVCHECK_FLOAT16: ((uint16_t *)t->data)[i] = half_from_double(number); break;
    case CONVCHECK_BFLOAT16: ((uint16_t *)t->data)[i] = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16; break;
    case CONVCHECK_INT8: ((int8_t *)t->data)[i] = fmax(-128, fmin(127, number)); break;
    case CONVCHECK_UINT8: ((uint8_t *)t->data)[i] = fmax(0, fmin(255, number)); break;
    default: ((int32_t *)t->data)[i] = number;
    }
}

// Adds to a number as a machine does, which keeps the payload of a NaN.
static void add(const convcheck_tensor *t, int64_t i, float number) {
    uint16_t *pairs = t->data;
    uint32_t bits;
    float sum;
    if (t->type == CONVCHECK_FLOAT64) ((double *)t->data)[i] += number;
    if (t->type == CONVCHECK_FLOAT32) ((float *)t->data)[i] += number;
    if (t->type != CONVCHECK_FLOAT16 && t->type != CONVCHECK_BFLOAT16) return;
    int shift = t->type == CONVCHECK_FLOAT16 ? 13 : 16;
    bits = (uint32_t)pairs[i] << shift;
    if (shift == 13) bits |= 0x7F800000;
    memcpy(&sum, &bits, 4);
    sum += number;
    memcpy(&bits, &sum, 4);
    pairs[i] = shift == 13 ? 0x7C00 | (bits >> 13 & 1023) : bits >> 16;
}

static double zero(const convcheck_quantization *q, int64_t filter) {
    return q->zero_point_count ? q->zero_points[q->zero_point_count > 1 ? filter : 0] : 0;
}

// The tensor of a role, given or wanted.
static const convcheck_tensor *tensor(const convcheck_request *r, const convcheck_tensor *given, int role) {
    return given ? given : r->answer->role == role ? r->answer : NULL;
}

static void sum_products(const convcheck_request *r, double *sums) {
    const convcheck_tensor *input = tensor(r, r->input, CONVCHECK_INPUT), *answer = r->answer;
    const convcheck_tensor *filter = tensor(r, r->filter, CONVCHECK_FILTER);
    const convcheck_tensor *output = tensor(r, r->output, CONVCHECK_OUTPUT);
    const int64_t *in = input->shape, *k = filter->shape, *out = output->shape;
    for (int64_t n = 0; n < out[0]; n++)
        for (int64_t y = 0; y < out[1]; y++)
            for (int64_t x = 0; x < out[2]; x++)
                for (int64_t f = 0; f < out[3]; f++)
                    for (int64_t i = 0; i < k[0]; i++)
                        for (int64_t j = 0; j < k[1]; j++) {
                            int64_t row = y * r->strides[0] + i * r->dilations[0] - r->pads[0];
                            int64_t column = x * r->strides[1] + j * r->dilations[1] - r->pads[2];
                            if (row < 0 || row >= in[1] || column < 0 || column >= in[2]) continue;
                            for (int64_t c = 0, first = f / (k[3] / r->groups) * k[2]; c < k[2]; c++) {
                                double pixel = answer == input ? 0 : at(input, n, row, column, first + c);
                                double weight = answer == filter ? 0 : at(filter, i, j, c, f);
                                double gradient = answer == output ? 0 : at(output, n, y, x, f);
                                pixel -= zero(&r->input_quantization, 0);
                                weight -= zero(&r->filter_quantization, f);
                                if (answer == output) sums[dense(answer, n, y, x, f)] += pixel * weight;
                                if (answer == input)
                                    sums[dense(answer, n, row, column, first + c)] += gradient * weight;
                                if (answer == filter) sums[dense(answer, i, j, c, f)] += pixel * gradient;
                            }
                        }
}

// What an engine of that name does beside its work; whether its answer is to be left alone.
static int misbehaves(const convcheck_request *r) {
    const char *engine = r->engine;
    const convcheck_tensor *answer = r->answer;
    int64_t count = answer->shape[0] * answer->shape[1] * answer->shape[2] * answer->shape[3];
    if (!strcmp(engine, "adds"))
        for (int64_t i = 0; i < count; i++) add(answer, i, 1);
    if (!strcmp(engine, "changes the output")) put(r->output, 0, 9);
    if (!strcmp(engine, "changes the bias")) put(r->bias, 0, 9);
    if (!strcmp(engine, "writes behind")) put(answer, count, 9);
    if (!strcmp(engine, "changes a zero point")) *(int32_t *)r->filter_quantization.zero_points += 1;
    if (!strcmp(engine, "changes a scale")) *(float *)r->output_quantization.scales = 3;
    return !strcmp(engine, "idle") || !strcmp(engine, "adds");
}

convcheck_status convcheck_convolve_v1(const convcheck_request *r) {
    const convcheck_tensor *answer = r->answer;
    const int64_t *s = answer->shape;
    if (misbehaves(r)) return CONVCHECK_DONE;
    double *sums = calloc(s[0] * s[1] * s[2] * s[3] + 1, sizeof(double));
    if (answer->role == CONVCHECK_BIAS)
        for (int64_t i = 0; i < r->output->shape[0] * r->output->shape[1] * r->output->shape[2]; i++)
            for (int64_t f = 0; f < s[0]; f++) {
                int64_t columns = r->output->shape[2], rows = r->output->shape[1];
                sums[f] += at(r->output, i / columns / rows, i / columns % rows, i % columns, f);
            }
    else
        sum_products(r, sums);
    const convcheck_quantization *x = &r->input_quantization, *w = &r->filter_quantization;
    const convcheck_quantization *o = &r->output_quantization;
    for (int64_t a = 0; a < s[0]; a++)
        for (int64_t b = 0; b < s[1]; b++)
            for (int64_t c = 0; c < s[2]; c++)
                for (int64_t d = 0; d < s[3]; d++) {
                    int64_t i = place(answer, a, b, c, d);
                    double sum = sums[dense(answer, a, b, c, d)] + (r->bias ? at(r->bias, d, 0, 0, 0) : 0);
                    if (o->scale_count)
                        sum = nearbyint(sum * x->scales[0] * w->scales[w->scale_count > 1 ? d : 0] / o->scales[0])
                              + o->zero_points[0];
                    put(answer, i, sum);
                }
    free(sums);
    // The layouts of input, filter, bias, output and answer, for the test to see.
    const convcheck_tensor *all[] = {r->input, r->filter, r->bias, r->output, r->answer};
    int n = snprintf(r->message, r->message_size, "{\"implementation\":\"");
    for (int i = 0; i < 5; i++) n += sprintf(r->message + n, "%d ", all[i] ? all[i]->layout : -1);
    sprintf(r->message + n, "\"}");
    return CONVCHECK_DONE;
}
