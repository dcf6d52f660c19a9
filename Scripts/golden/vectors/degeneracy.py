"""What a case must not be: data on which a faulty engine gives the right answer."""

from math import prod

import numpy as np
from numpy.typing import NDArray

CONSTANT_FILTER = "constant filter"
SYMMETRIC_FILTER = "symmetric filter"
EQUAL_FILTERS = "equal filters"
EQUAL_CHANNELS = "equal channels"
EQUAL_BATCHES = "equal batches"
MOSTLY_ZERO = "mostly zero output"
KINDS = (CONSTANT_FILTER, SYMMETRIC_FILTER, EQUAL_FILTERS, EQUAL_CHANNELS, EQUAL_BATCHES, MOSTLY_ZERO)
# Not one of the above, which thin data may have for one reason: such a case spares an engine that multiplies nothing.
BIAS_ALONE = "nothing but the bias in the output"


def degeneracies(image: NDArray, weights: NDArray, bias: NDArray | None, expected: NDArray) -> list[str]:
    """Return the ways in which a case is degenerate; empty for a sound one."""
    without_products = np.zeros(weights.shape[3]) if bias is None else bias
    found = {
        CONSTANT_FILTER: has_constant_filter(weights),
        SYMMETRIC_FILTER: has_symmetric_filter(weights),
        EQUAL_FILTERS: has_equal_slices(weights, axis=3),
        EQUAL_CHANNELS: has_equal_slices(image, axis=3) or has_equal_slices(weights, axis=2),
        EQUAL_BATCHES: has_equal_slices(image, axis=0),
        BIAS_ALONE: expected.size > 0 and bool(np.all(expected == without_products)),
        MOSTLY_ZERO: expected.size > 0 and 2 * np.count_nonzero(expected) <= expected.size,
    }
    return [name for name, is_so in found.items() if is_so]


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
