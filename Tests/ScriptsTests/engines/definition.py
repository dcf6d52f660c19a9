"""The definition of each operation, by loops over its taps: exact in integers, and too slow for anything but tests."""

from fractions import Fraction

import numpy as np

LAYOUTS = {"NHWC": (0, 1, 2, 3), "NCHW": (0, 3, 1, 2)}
LAYOUTS |= {"HWIO": (0, 1, 2, 3), "OIHW": (3, 2, 0, 1), "OHWI": (3, 0, 1, 2), "HWOI": (0, 1, 3, 2)}


def convolution(input, filter, bias=None, strides=(1, 1), dilations=(1, 1), pads=(0, 0, 0, 0), groups=1):
    """NHWC output of an NHWC input and HWIO filter: int64 of integers and of floats that are whole, else float64."""
    input, filter = exact(input), exact(filter)
    _, height, width, _ = input.shape
    kernel_h, kernel_w, depth, filters = filter.shape
    shape = output_shape(input.shape, filter.shape, strides, dilations, pads)
    output = np.zeros(shape, input.dtype)
    for y, x, p, q, f in np.ndindex(*shape[1:3], kernel_h, kernel_w, filters):
        row, column = y * strides[0] + p * dilations[0] - pads[0], x * strides[1] + q * dilations[1] - pads[2]
        if 0 <= row < height and 0 <= column < width:
            first = f // (filters // groups) * depth
            output[:, y, x, f] += input[:, row, column, first : first + depth] @ filter[p, q, :, f]
    return output if bias is None else output + exact(bias)


def input_gradient(output, filter, shape, bias=None, strides=(1, 1), dilations=(1, 1), pads=(0, 0, 0, 0), groups=1):
    """Gather, at each place of an input of that NHWC shape, what the outputs whose windows meet it give back."""
    output, filter = exact(output), exact(filter)
    kernel_h, kernel_w, depth, filters = filter.shape
    input = np.zeros(shape, output.dtype)
    for row, column, p, q, f in np.ndindex(*shape[1:3], kernel_h, kernel_w, filters):
        (y, rest), (x, other) = (
            divmod(row + pads[0] - p * dilations[0], strides[0]),
            divmod(column + pads[2] - q * dilations[1], strides[1]),
        )
        if rest == other == 0 and 0 <= y < output.shape[1] and 0 <= x < output.shape[2]:
            first = f // (filters // groups) * depth
            input[:, row, column, first : first + depth] += np.outer(output[:, y, x, f], filter[p, q, :, f])
    return input if bias is None else input + exact(bias)


def filter_gradient(input, output, shape, strides=(1, 1), dilations=(1, 1), pads=(0, 0, 0, 0), groups=1):
    """Add up, for each tap of a filter of that HWIO shape, what it saw times the outputs that it had a part in."""
    input, output = exact(input), exact(output)
    filter = np.zeros(shape, input.dtype)
    for p, q, c, f in np.ndindex(*shape):
        channel = f // (shape[3] // groups) * shape[2] + c
        for y, x in np.ndindex(*output.shape[1:3]):
            row, column = y * strides[0] + p * dilations[0] - pads[0], x * strides[1] + q * dilations[1] - pads[2]
            if 0 <= row < input.shape[1] and 0 <= column < input.shape[2]:
                filter[p, q, c, f] += input[:, row, column, channel] @ output[:, y, x, f]
    return filter


def quantized(sums, scales, zero_point, dtype):
    """Requantize the sums of (input - zero point) * (filter - zero point) + bias exactly; ties go to the even."""
    exact_scales = {name: [Fraction(float(scale)) for scale in values] for name, values in scales.items()}
    answer, limits = np.zeros(sums.shape, dtype), np.iinfo(dtype)
    for place in np.ndindex(*sums.shape):
        factor = exact_scales["filter"][place[3] if len(exact_scales["filter"]) > 1 else 0]
        value = int(sums[place]) * exact_scales["input"][0] * factor / exact_scales["output"][0]
        answer[place] = min(max(round(value) + int(zero_point), limits.min), limits.max)
    return answer


def output_shape(input, filter, strides=(1, 1), dilations=(1, 1), pads=(0, 0, 0, 0)):
    """The shape of the output of an input and a filter of these shapes."""
    height = (input[1] + pads[0] + pads[1] - (filter[0] - 1) * dilations[0] - 1) // strides[0] + 1
    width = (input[2] + pads[2] + pads[3] - (filter[1] - 1) * dilations[1] - 1) // strides[1] + 1
    return input[0], height, width, filter[3]


def exact(array):
    """Whole numbers as int64, others as float64."""
    return array.astype(np.int64) if np.all(array == np.rint(array)) else array.astype(np.float64)


def integers(seed, *shape):
    """Small float32 integers, without repetition that would hide a mix-up."""
    return np.random.default_rng(seed).integers(-31, 32, shape).astype(np.float32)


def laid_out(array, layout):
    """An NHWC or HWIO array, in `layout`."""
    return np.ascontiguousarray(array.transpose(LAYOUTS[layout]))


def as_nhwc(array, layout):
    return array.transpose(np.argsort(LAYOUTS[layout]))
