"""What a case must not be: data on which a faulty engine gives the right answer."""

from math import prod

import numpy as np
from numpy.typing import NDArray

from golden.drawing.operands import Operands
from golden.problem.kinds import BIAS, FILTER, FILTER_GRADIENT, INPUT, OUTPUT, RANGE, Kind

CONSTANT_FILTER = "constant filter"
SYMMETRIC_FILTER = "symmetric filter"
EQUAL_FILTERS = "equal filters"
EQUAL_CHANNELS = "equal channels"
EQUAL_BATCHES = "equal batches"
MOSTLY_ZERO = "mostly zero output"
MOSTLY_SATURATED = "mostly saturated output"
FEW_VALUES = "few values in the output"
KINDS = (
    CONSTANT_FILTER,
    SYMMETRIC_FILTER,
    EQUAL_FILTERS,
    EQUAL_CHANNELS,
    EQUAL_BATCHES,
    MOSTLY_ZERO,
    MOSTLY_SATURATED,
    FEW_VALUES,
)
# Not one of the above, which thin data may have for one reason: such a case spares an engine that multiplies nothing.
BIAS_ALONE = "nothing but the bias in the output"


def degeneracies(kind: Kind, operands: Operands, answer: NDArray) -> list[str]:
    """Return the ways in which a case of any kind is degenerate; a filter that is the answer must not be so either.

    The operands of integer types come without their zero points.
    """
    image, gradient = operands.get(INPUT), operands.get(OUTPUT)
    weights = answer if kind.operation == FILTER_GRADIENT else operands.get(FILTER)
    alone = operands.get(BIAS, np.zeros(answer.shape[-1]))
    found = {
        CONSTANT_FILTER: weights is not None and has_constant_filter(weights),
        SYMMETRIC_FILTER: weights is not None and has_symmetric_filter(weights),
        EQUAL_FILTERS: any(has_equal_slices(values, axis=3) for values in (weights, gradient) if values is not None),
        EQUAL_CHANNELS: (image is not None and has_equal_slices(image, axis=3))
        or (weights is not None and has_equal_slices(weights, axis=2)),
        EQUAL_BATCHES: any(has_equal_slices(values, axis=0) for values in (image, gradient) if values is not None),
        BIAS_ALONE: answer.size > 0 and bool(np.all(answer == alone)),
        MOSTLY_ZERO: answer.size > 0 and 2 * np.count_nonzero(answer) <= answer.size,
    }
    return [name for name, is_so in found.items() if is_so]


def answer_degeneracies(kind: Kind, answer: NDArray) -> list[str]:
    """Return the ways in which an answer in integers is degenerate: mostly saturated, or of hardly any two values."""
    least, largest = RANGE[kind.output]
    saturated = np.count_nonzero((answer == least) | (answer == largest))
    few = len(np.unique(answer)) <= min(8, answer.size // 4)
    found = {MOSTLY_SATURATED: 2 * saturated > answer.size, FEW_VALUES: few}
    return [name for name, is_so in found.items() if is_so and answer.size > 0]


def has_constant_filter(weights: NDArray) -> bool:
    """Return whether all taps of some filter, of more than one, are equal."""
    return prod(weights.shape[:3]) > 1 and bool(np.any(np.all(weights == weights[:1, :1, :1], axis=(0, 1, 2))))


def has_symmetric_filter(weights: NDArray) -> bool:
    """Return whether some filter equals itself flipped along an axis longer than 1, along both, or transposed."""
    height, width = weights.shape[:2]
    if weights.size == 0:
        return False
    axes = [axis for axis in (0, 1) if weights.shape[axis] > 1]
    images = [np.flip(weights, axis) for axis in axes] + [np.flip(weights, (0, 1))] * (len(axes) == 2)
    if height == width > 1:
        images.append(weights.swapaxes(0, 1))
    return any(bool(np.any(np.all(weights == image, axis=(0, 1, 2)))) for image in images)


def has_equal_slices(values: NDArray, axis: int) -> bool:
    """Return whether two slices along an axis are equal: any two, or any two neighbours where a slice is one value."""
    if values.size == 0:
        return False
    slices = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    if slices.shape[1] == 1:
        return bool(np.any(slices[1:] == slices[:-1]))
    return len({values.tobytes() for values in slices}) < len(slices)
