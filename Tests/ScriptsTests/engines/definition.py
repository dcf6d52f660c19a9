"""The definition of the convolution, by integer loops over its taps: exact, and too slow for anything but tests."""

import numpy as np

LAYOUTS = {"NHWC": (0, 1, 2, 3), "NCHW": (0, 3, 1, 2)}
LAYOUTS |= {"HWIO": (0, 1, 2, 3), "OIHW": (3, 2, 0, 1), "OHWI": (3, 0, 1, 2), "HWOI": (0, 1, 3, 2)}


def convolution(input, filter, bias=None, strides=(1, 1), dilations=(1, 1), pads=(0, 0, 0, 0), groups=1):
    """Int64 NHWC output of an integer NHWC input and HWIO filter."""
    batch, height, width, _ = input.shape
    kernel_h, kernel_w, depth, filters = filter.shape
    (stride_h, stride_w), (dilation_h, dilation_w), (top, bottom, left, right) = strides, dilations, pads
    out_h = (height + top + bottom - (kernel_h - 1) * dilation_h - 1) // stride_h + 1
    out_w = (width + left + right - (kernel_w - 1) * dilation_w - 1) // stride_w + 1
    output = np.zeros((batch, out_h, out_w, filters), np.int64)
    for y, x, p, q, f in np.ndindex(out_h, out_w, kernel_h, kernel_w, filters):
        row, column = y * stride_h + p * dilation_h - top, x * stride_w + q * dilation_w - left
        if 0 <= row < height and 0 <= column < width:
            first = f // (filters // groups) * depth
            taps = input[:, row, column, first : first + depth].astype(np.int64)
            output[:, y, x, f] += taps @ filter[p, q, :, f].astype(np.int64)
    return output if bias is None else output + bias.astype(np.int64)


def integers(seed, *shape):
    """Small float32 integers, without repetition that would hide a mix-up."""
    return np.random.default_rng(seed).integers(-31, 32, shape).astype(np.float32)


def laid_out(array, layout):
    """An NHWC or HWIO array, in `layout`."""
    return np.ascontiguousarray(array.transpose(LAYOUTS[layout]))


def as_nhwc(array, layout):
    return array.transpose(np.argsort(LAYOUTS[layout]))
