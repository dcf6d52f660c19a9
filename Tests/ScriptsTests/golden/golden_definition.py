"""All operations from the definition, an output, a tap and a channel at a time, in fractions: slow, and of its own."""

from collections import defaultdict
from fractions import Fraction

import numpy as np
from golden.problem.geometry import Geometry


def defined(operation: str, problem: dict, operands: dict[str, np.ndarray]) -> dict[tuple[int, ...], Fraction]:
    """The sums of the products that meet, by index of the answer; `problem` has a row's members."""
    batch, height, width, _ = map(int, problem["input_shape"])
    kh, kw, depth, filters = map(int, problem["filter_shape"])
    (sh, sw), (dh, dw) = (tuple(map(int, problem[name])) for name in ("strides", "dilations"))
    top, bottom, left, right = map(int, problem["pads"])
    rows, columns = (
        (size - (taps - 1) * dilation - 1) // stride + 1
        for size, taps, dilation, stride in (
            (height + top + bottom, kh, dh, sh),
            (width + left + right, kw, dw, sw),
        )
    )
    per_group = filters // int(problem["groups"])
    exact = {role: np.frompyfunc(Fraction, 1, 1)(values.astype(float)) for role, values in operands.items()}
    sums: dict[tuple[int, ...], Fraction] = defaultdict(Fraction)
    for n, i, j, o in np.ndindex(batch, rows, columns, filters):
        if operation == "bias-gradient":
            sums[(o,)] += exact["output"][n, i, j, o]
            continue
        for p, q, c in np.ndindex(kh, kw, depth):
            y, x = i * sh + p * dh - top, j * sw + q * dw - left
            if not (0 <= y < height and 0 <= x < width):
                continue
            channel = o // per_group * depth + c
            if operation == "forward":
                sums[n, i, j, o] += exact["input"][n, y, x, channel] * exact["filter"][p, q, c, o]
            elif operation == "input-gradient":
                sums[n, y, x, channel] += exact["output"][n, i, j, o] * exact["filter"][p, q, c, o]
            else:
                sums[p, q, c, o] += exact["input"][n, y, x, channel] * exact["output"][n, i, j, o]
    return sums


def problem(geometry: Geometry) -> dict:
    """A geometry as a row tells it."""
    return {
        "input_shape": geometry.input,
        "filter_shape": geometry.filter,
        "strides": geometry.strides,
        "dilations": geometry.dilations,
        "pads": geometry.pads,
        "groups": geometry.groups,
    }
