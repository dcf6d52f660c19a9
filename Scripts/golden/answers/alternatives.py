"""What IEEE 754 leaves to the algorithm: the second answer to a case, as right as the first."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from golden.answers.ieee import sum_by_elements, sum_by_taps, terms_of
from golden.answers.reference import demand_equal, padded
from golden.drawing.families import Tensors
from golden.problem.geometry import VALID, Geometry

Rule = Callable[[Tensors, Geometry, NDArray], NDArray]
LARGEST = float(np.finfo(np.float32).max)
SMALLEST_NORMAL = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Alternative:
    """A choice that an algorithm has: its name, what either answer means, and the rule of the second one.

    The rule takes the tensors, the geometry and the expected output, and returns a whole output, equal to the expected
    one where there is no choice.
    """

    choice: str
    expected_meaning: str
    alternative_meaning: str
    rule: Rule

    @property
    def attributes(self) -> dict[str, str]:
        """What is stored of it beside the dataset."""
        return {
            "choice": self.choice,
            "expected_meaning": self.expected_meaning,
            "alternative_meaning": self.alternative_meaning,
        }

    def answer(self, tensors: Tensors, geometry: Geometry, expected: NDArray) -> NDArray[np.float64]:
        """Return the second answer; raises ValueError where it is the first one everywhere."""
        second = self.rule(tensors, geometry, expected)
        if np.array_equal(second, expected, equal_nan=True):
            raise ValueError(f"{self.choice}: there is nothing to choose")
        return second


def with_pads_multiplied(tensors: Tensors, geometry: Geometry, _: NDArray) -> NDArray[np.float64]:
    """Return the sums in which each pad is a zero that is multiplied by its weight."""
    image, weights, bias = tensors
    larger = padded(image, geometry)
    unpadded = replace(geometry, input=larger.shape, padding=VALID)
    sums = sum_by_taps((larger, weights, bias), unpadded).to_float64()
    demand_equal(sums, sum_by_elements((larger, weights, bias), unpadded), "alternative")
    return sums


def with_subnormals_flushed(tensors: Tensors, geometry: Geometry, _: NDArray) -> NDArray[np.float64]:
    """Return the sums with zeros for subnormal factors, products and sums."""
    image, weights, bias = (None if tensor is None else flushed(tensor) for tensor in tensors)
    sums = np.zeros(geometry.output)
    for index in np.ndindex(geometry.output):
        sums[index] = flushed(terms_of((image, weights, bias), geometry, index)).sum()
    return flushed(sums)


def flushed(values: NDArray) -> NDArray:
    """Return the values with zeros for those below the smallest normal float32."""
    return np.where(np.abs(values) < SMALLEST_NORMAL, 0, values)


def with_partial_sums_overflowed(tensors: Tensors, geometry: Geometry, expected: NDArray) -> NDArray[np.float64]:
    """Return an infinity for each sum within float32's range whose terms of one sign alone lie beyond it."""
    sums = expected.copy()
    for index in np.ndindex(geometry.output):
        terms = terms_of(tensors, geometry, index)
        above, below = (np.sum(terms[np.sign(terms) == sign]) for sign in (1, -1))
        if above > LARGEST and -below > LARGEST:
            raise ValueError(f"output{list(index)} can overflow to either side, or to NaN")
        if max(above, -below) > LARGEST >= abs(expected[index]):
            sums[index] = np.inf if above > LARGEST else -np.inf
    return sums


PADDING_TIMES_INFINITY = Alternative(
    "padding-times-infinity",
    "padding contributes nothing",
    "padding is a zero that is multiplied: NaN",
    with_pads_multiplied,
)
SUBNORMAL_FLUSH = Alternative(
    "subnormal-flush",
    "subnormal numbers are kept",
    "subnormal numbers are taken for zero",
    with_subnormals_flushed,
)
INTERMEDIATE_OVERFLOW = Alternative(
    "intermediate-overflow",
    "the sum is formed without an overflow on the way",
    "a partial sum overflows",
    with_partial_sums_overflowed,
)
CHOICES = (PADDING_TIMES_INFINITY, SUBNORMAL_FLUSH, INTERMEDIATE_OVERFLOW)
