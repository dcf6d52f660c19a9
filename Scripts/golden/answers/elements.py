"""One element of an answer: the factors that meet there, looked up by the index relation of `relation`."""

import numpy as np
from numpy.typing import NDArray

from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FILTER, FILTER_GRADIENT, FORWARD, INPUT, INPUT_GRADIENT, OUTPUT, Kind

Index = tuple[int, ...]


def factors_at(kind: Kind, geometry: Geometry, operands: Operands, index: Index) -> tuple[NDArray, NDArray]:
    """Return the first and the second factor of each product that is summed into an element of the answer."""
    depth, per_group = geometry.filter[2], geometry.filter[3] // max(geometry.groups, 1)
    if kind.operation == FORWARD:
        n, i, j, o = index
        (y, p), (x, q) = (taps_inside(geometry, axis, place) for axis, place in ((0, i), (1, j)))
        channels = slice(o // per_group * depth, (o // per_group + 1) * depth)
        first = operands[INPUT][n, y, x, channels]
        second = operands[FILTER][p, q, :, o]
    elif kind.operation == INPUT_GRADIENT:
        n, y, x, c = index
        (i, p), (j, q) = (seeing(geometry, axis, place) for axis, place in ((0, y), (1, x)))
        group = c // depth
        filters = slice(group * per_group, (group + 1) * per_group)
        first = operands[OUTPUT][n, i[:, None], j, filters]
        second = operands[FILTER][p[:, None], q, c % depth, filters]
    elif kind.operation == FILTER_GRADIENT:
        p, q, c, o = index
        (y, i), (x, j) = (seen_through(geometry, axis, tap) for axis, tap in ((0, p), (1, q)))
        first = operands[INPUT][:, y[:, None], x, o // per_group * depth + c]
        second = operands[OUTPUT][:, i[:, None], j, o]
    else:
        first = operands[OUTPUT][..., index[0]]
        second = np.ones(first.shape, first.dtype)
    return first.reshape(-1), second.reshape(-1)


def bias_at(operands: Operands, index: Index) -> NDArray | None:
    """Return the bias that is added to an element: that of its place on the last axis."""
    return operands[BIAS][index[-1]] if BIAS in operands else None


def taps_inside(geometry: Geometry, axis: int, place: int) -> tuple[slice, slice]:
    """Return what the kernel at a place of the output meets of the image along an axis, and the taps that meet it."""
    size, kernel = geometry.input[1 + axis], geometry.filter[axis]
    step = geometry.dilations[axis]
    start = place * geometry.strides[axis] - geometry.pads[2 * axis]
    first = max(0, -(start // step))  # the first tap that does not lie before the image
    behind = max(first, min(kernel, -((start - size) // step)))  # the first that lies behind it
    return slice(start + first * step, start + behind * step, step), slice(first, behind)


def seeing(geometry: Geometry, axis: int, place: int) -> tuple[NDArray, NDArray]:
    """Return the places of the output that see a place of the input, and through which taps."""
    found = [
        (start // geometry.strides[axis], tap)
        for tap in range(geometry.filter[axis])
        for start in (place + geometry.pads[2 * axis] - tap * geometry.dilations[axis],)
        if start >= 0 and start % geometry.strides[axis] == 0
    ]
    inside = [(window, tap) for window, tap in found if window < geometry.output[1 + axis]]
    windows, taps = np.array(inside, np.int64).reshape(-1, 2).T
    return windows, taps


def seen_through(geometry: Geometry, axis: int, tap: int) -> tuple[NDArray, NDArray]:
    """Return the places of the input that are seen through a tap, and from which places of the output."""
    places = np.arange(geometry.output[1 + axis])
    seen = places * geometry.strides[axis] + tap * geometry.dilations[axis] - geometry.pads[2 * axis]
    inside = (seen >= 0) & (seen < geometry.input[1 + axis])
    return seen[inside], places[inside]
