"""All four operations as sums over one index relation, in two formulations that share nothing but that relation.

    input row = output row * stride + kernel row * dilation - top            (columns likewise)

`scattered` goes tap by tap, and adds whole slices of one tensor into slices of the answer. `gathered` goes answer by
answer: it looks up, for each element, the factors that meet there, and hands them over as rows of a table and columns
of a matrix.
"""

from collections.abc import Callable
from math import prod

import numpy as np
from numpy.typing import NDArray

from golden.answers.reference import group_slices, loop_over_taps, padded
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import FILTER, FILTER_GRADIENT, FORWARD, INPUT, INPUT_GRADIENT, OUTPUT, Kind

# Sums of products: a table [rows, terms], where a term is there [rows, terms], a matrix [terms, columns].
Combine = Callable[[NDArray, NDArray, NDArray, slice], NDArray]


def scattered(kind: Kind, geometry: Geometry, operands: Operands) -> NDArray:
    """Return the answer without bias, in the arithmetic of the arrays (integers, or Python's)."""
    if kind.operation == FORWARD:
        return loop_over_taps(operands[INPUT], operands[FILTER], None, geometry)
    gradient = operands[OUTPUT]
    if kind.operation == INPUT_GRADIENT:
        return scattered_onto_input(gradient, operands[FILTER], geometry)
    if kind.operation == FILTER_GRADIENT:
        return scattered_onto_filter(operands[INPUT], gradient, geometry)
    total = np.zeros(geometry.filter[3], gradient.dtype)
    for n, i, j in np.ndindex(gradient.shape[:3]):
        total += gradient[n, i, j]
    return total


def scattered_onto_input(gradient: NDArray, weights: NDArray, geometry: Geometry) -> NDArray:
    """Return the gradient of the input: each tap adds the output's gradient, times the tap, to what it had seen."""
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    _, rows, columns, _ = geometry.output
    batch, height, width, channels = geometry.input
    top, bottom, left, right = geometry.pads
    larger = np.zeros((batch, height + top + bottom, width + left + right, channels), gradient.dtype)
    for p, q in np.ndindex(geometry.filter[:2]):
        seen = larger[:, p * dh :, q * dw :][:, : rows * sh : sh, : columns * sw : sw]
        for of_channels, of_filters in group_slices(geometry):
            seen[..., of_channels] += gradient[..., of_filters] @ weights[p, q, :, of_filters].T
    answer = np.zeros(geometry.input, gradient.dtype)
    kept = [max(0, size - max(-a, 0) - max(-b, 0)) for size, a, b in ((height, top, bottom), (width, left, right))]
    of_answer, of_larger = (
        tuple(slice(start, start + size) for start, size in zip(starts, kept, strict=True))
        for starts in ((max(-top, 0), max(-left, 0)), (max(top, 0), max(left, 0)))
    )
    answer[:, of_answer[0], of_answer[1]] = larger[:, of_larger[0], of_larger[1]]
    return answer


def scattered_onto_filter(image: NDArray, gradient: NDArray, geometry: Geometry) -> NDArray:
    """Return the gradient of the filter: each tap sums what it sees times the output's gradient."""
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    _, rows, columns, _ = geometry.output
    image = padded(image, geometry)
    answer = np.zeros(geometry.filter, image.dtype)
    for p, q in np.ndindex(geometry.filter[:2]):
        under = image[:, p * dh :, q * dw :][:, : rows * sh : sh, : columns * sw : sw]
        for of_channels, of_filters in group_slices(geometry):
            # Not one product of matrices: with an empty batch there is nothing to tell their shapes by.
            answer[p, q, :, of_filters] = np.tensordot(
                under[..., of_channels], gradient[..., of_filters], ((0, 1, 2), (0, 1, 2))
            )
    return answer


def gathered(kind: Kind, geometry: Geometry, operands: Operands, combine: Combine) -> NDArray[np.float64]:
    """Return the answer from the sums of products that `combine` makes of each group's table and matrix.

    `combine` is given the slice of the answer's last axis as well, and adds a bias where there is one.
    """
    answer = np.zeros(kind.answer(geometry))
    if answer.size == 0:
        return answer
    gradient = operands.get(OUTPUT)
    kh, kw, depth, filters = geometry.filter
    if kind.operation in (FORWARD, FILTER_GRADIENT):
        # [batch, rows, columns, kernel height, kernel width, channels]
        patches, inside = looked_up(operands[INPUT], *(windows(geometry, axis) for axis in (0, 1)))
        for of_channels, of_filters in group_slices(geometry):
            table = patches[..., of_channels].reshape(prod(patches.shape[:3]), kh * kw * depth)
            there = np.broadcast_to(inside[..., None], (*patches.shape[:5], depth)).reshape(table.shape)
            if kind.operation == FORWARD:
                matrix = operands[FILTER][..., of_filters].reshape(kh * kw * depth, -1)
                sums = combine(table, there, matrix, of_filters)
                answer[..., of_filters] = sums.reshape(*answer.shape[:3], -1)
            else:
                matrix = gradient[..., of_filters].reshape(len(table), filters // geometry.groups)
                sums = combine(table.T, there.T, matrix, of_filters)
                answer[..., of_filters] = sums.reshape(kh, kw, depth, -1)
    elif kind.operation == INPUT_GRADIENT:
        # [batch, height, width, kh, kw, filters]
        patches, inside = looked_up(gradient, *(windows_over(geometry, axis) for axis in (0, 1)))
        for of_channels, of_filters in group_slices(geometry):
            table = patches[..., of_filters].reshape(-1, kh * kw * filters // geometry.groups)
            there = np.broadcast_to(inside[..., None], patches[..., of_filters].shape).reshape(table.shape)
            matrix = operands[FILTER][..., of_filters].transpose(0, 1, 3, 2).reshape(-1, depth)
            answer[..., of_channels] = combine(table, there, matrix, of_channels).reshape(*answer.shape[:3], depth)
    else:
        table = gradient.reshape(-1, filters).T
        answer[:] = combine(table, np.ones(table.shape, bool), np.ones((table.shape[1], 1)), slice(None))[:, 0]
    return answer


def windows(geometry: Geometry, axis: int) -> tuple[NDArray, NDArray]:
    """Return which place of the input each place of the output meets under each tap, and whether it is one."""
    place, tap = np.ogrid[: geometry.output[1 + axis], : geometry.filter[axis]]
    met = place * geometry.strides[axis] + tap * geometry.dilations[axis] - geometry.pads[2 * axis]
    return met, (met >= 0) & (met < geometry.input[1 + axis])


def windows_over(geometry: Geometry, axis: int) -> tuple[NDArray, NDArray]:
    """Return the place of the output whose window has each place of the input under each tap, and whether one has."""
    place, tap = np.ogrid[: geometry.input[1 + axis], : geometry.filter[axis]]
    start = place + geometry.pads[2 * axis] - tap * geometry.dilations[axis]
    window, rest = start // geometry.strides[axis], start % geometry.strides[axis]
    return window, (rest == 0) & (window >= 0) & (window < geometry.output[1 + axis])


def looked_up(
    values: NDArray, rows: tuple[NDArray, NDArray], columns: tuple[NDArray, NDArray]
) -> tuple[NDArray, NDArray]:
    """Return what lies at rows and columns [places, taps], as [batch, places, places, taps, taps, last axis].

    Zero where there is nothing, which the second array says, without the last axis.
    """
    (i, has_row), (j, has_column) = rows, columns
    there = has_row[:, None, :, None] & has_column[None, :, None, :]
    shape = (values.shape[0], *there.shape)
    if 0 in values.shape:
        return np.zeros((*shape, values.shape[3]), values.dtype), np.broadcast_to(there, shape)
    i, j = np.where(has_row, i, 0), np.where(has_column, j, 0)
    found = values[:, i[:, None, :, None], j[None, :, None, :], :]
    return np.where(there[..., None], found, np.zeros(1, values.dtype)), np.broadcast_to(there, shape)
