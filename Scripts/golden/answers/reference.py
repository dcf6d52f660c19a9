"""The exact convolution, by two formulations that share nothing but the definition.

    output[n, i, j, o] = bias[o] + sum over p, q, c of
                         padded[n, i * stride_h + p * dilation_h, j * stride_w + q * dilation_w, c] * filter[p, q, c, o]

where `padded` is the input with zeros around it, and c runs over the channels of the group of filter o.
"""

from math import fsum

import numpy as np
from numpy.typing import NDArray

from golden.answers.rounding import Exact, to_whole
from golden.drawing.families import Tensor
from golden.problem.geometry import Geometry

HALF = 2.0**12


def padded(image: NDArray, geometry: Geometry) -> NDArray:
    """Return the input with `geometry.pads` zeros around each image; negative pads crop what that gives."""
    top, bottom, left, right = (max(pad, 0) for pad in geometry.pads)
    batch, height, width, channels = image.shape
    # Not np.pad: among Python's integers its zeros would be int64, which overflow.
    larger = np.zeros((batch, top + height + bottom, left + width + right, channels), image.dtype)
    larger[:, top : top + height, left : left + width] = image
    top, bottom, left, right = (max(-pad, 0) for pad in geometry.pads)
    return larger[:, top : larger.shape[1] - bottom, left : larger.shape[2] - right]


def group_slices(geometry: Geometry) -> list[tuple[slice, slice]]:
    """Return, for each group, its slice of the input's channels and its slice of the filters."""
    channels, filters = geometry.filter[2], geometry.filter[3] // geometry.groups
    return [
        (slice(g * channels, (g + 1) * channels), slice(g * filters, (g + 1) * filters)) for g in range(geometry.groups)
    ]


def loop_over_taps(image: NDArray, weights: NDArray, bias: NDArray | None, geometry: Geometry) -> NDArray:
    """Return the convolution in the arithmetic of the arrays: for each tap, add the input under it times the tap."""
    image = padded(image, geometry)
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    _, rows, columns, _ = geometry.output
    output = np.zeros(geometry.output, dtype=image.dtype)
    for p, q in np.ndindex(geometry.filter[:2]):
        top, left = p * dh, q * dw
        under = image[:, top : top + rows * sh : sh, left : left + columns * sw : sw, :]
        for channels, filters in group_slices(geometry):
            output[..., filters] += under[..., channels] @ weights[p, q, :, filters]
    return output if bias is None else output + bias


def exact_sum(image: Tensor, weights: Tensor, bias: Tensor | None, geometry: Geometry) -> Exact:
    """Return the exact convolution: every value scaled to a whole number, then `loop_over_taps` over integers."""
    x, x_scale = to_whole(image)
    w, w_scale = to_whole(weights)
    if bias is None:
        return Exact(loop_over_taps(*narrowed(x, w, None, geometry), geometry), x_scale + w_scale)
    b, b_scale = to_whole(bias)
    finer = max(b_scale - x_scale - w_scale, 0)  # a bias on a finer grid than the products'
    x, b = x * 2**finer, b * 2 ** (x_scale + w_scale + finer - b_scale)
    return Exact(loop_over_taps(*narrowed(x, w, b, geometry), geometry), x_scale + w_scale + finer)


def narrowed(x: NDArray, w: NDArray, b: NDArray | None, geometry: Geometry) -> tuple[NDArray, NDArray, NDArray | None]:
    """Return the whole numbers as int64 where no sum can overflow it, else as they are (Python's integers)."""
    largest = geometry.products * largest_of(x) * largest_of(w) + largest_of(b)
    if largest >= 2**63:
        return x, w, b
    return x.astype(np.int64), w.astype(np.int64), None if b is None else b.astype(np.int64)


def largest_of(values: NDArray | None) -> int:
    """Return the largest magnitude among whole numbers; 0 where there are none."""
    return 0 if values is None or values.size == 0 else int(np.max(np.abs(values)))


def patches_times_matrix(image: Tensor, weights: Tensor, bias: Tensor | None, geometry: Geometry) -> NDArray:
    """Return the convolution rounded once to float64: patches gathered into rows, times the filter as a matrix."""
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    batch, rows, columns, filters = geometry.output
    kh, kw, depth, _ = geometry.filter
    i = np.arange(rows)[:, None, None, None] * sh + np.arange(kh)[:, None] * dh
    j = np.arange(columns)[:, None, None] * sw + np.arange(kw) * dw
    patches = padded(image.astype(np.float64), geometry)[:, i, j, :]  # [batch, rows, columns, kh, kw, channels]
    matrix = weights.astype(np.float64).reshape(kh * kw * depth, filters)
    offset = np.zeros(filters) if bias is None else bias.astype(np.float64)
    output = np.empty(geometry.output)
    for of_channels, of_filters in group_slices(geometry):
        table = patches[..., of_channels].reshape(batch * rows * columns, kh * kw * depth)
        product = affine_rounded_once(table, matrix[:, of_filters], offset[of_filters])
        output[..., of_filters] = product.reshape(batch, rows, columns, filters // geometry.groups)
    return output


def demand_equal(taps: NDArray, patches: NDArray, what: str) -> None:
    """Raise ArithmeticError unless both formulations agree bit for bit (-0 equals 0, and NaN is NaN)."""
    unequal = np.argwhere((taps != patches) & ~(np.isnan(taps) & np.isnan(patches)))
    if len(unequal):
        index = tuple(int(i) for i in unequal[0])
        raise ArithmeticError(f"{what}{list(index)}: {taps[index]!r} by taps, {patches[index]!r} by patches")


def affine_rounded_once(table: NDArray, matrix: NDArray, offset: NDArray) -> NDArray:
    """Return table @ matrix + offset (float64 holding float32 values), each element rounded once.

    The table is split into a high and a low part of few bits. Where neither product can exceed 2^53 units both are
    exact in float64, whatever the order of summation, and joining them rounds once. Else math.fsum, which rounds once,
    adds the products, each exact in float64.
    """
    unit_t, unit_m, unit_o = (2.0 ** -to_whole(values.astype(np.float32))[1] for values in (table, matrix, offset))
    unit = unit_t * unit_m
    high = np.floor(table / unit_t / HALF) * HALF * unit_t
    low = table - high
    of_high = np.abs(high).sum(axis=1).max(initial=0) * np.abs(matrix).max(initial=0)
    of_low = np.abs(low).sum(axis=1).max(initial=0) * np.abs(matrix).max(initial=0) + np.abs(offset).max(initial=0)
    if of_high / (unit * HALF) < 2**53 and of_low / min(unit, unit_o) < 2**53:
        return high @ matrix + (low @ matrix + offset)
    return np.array([[fsum([*(row * column), o]) for column, o in zip(matrix.T, offset, strict=True)] for row in table])
