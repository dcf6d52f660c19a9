"""What IEEE 754 leaves to the algorithm: further answers to a case, as right as the first."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from golden.answers.flushing import with_subnormals_flushed
from golden.answers.ieee import sum_by_elements, sum_by_taps, terms_of
from golden.answers.reference import demand_equal, padded
from golden.drawing.families import Tensors
from golden.problem.geometry import VALID, Geometry

Answers = dict[str, NDArray[np.float64]]  # whole outputs, by what each means
Rule = Callable[[Tensors, Geometry, NDArray], Answers]
PADS_MULTIPLIED = "padding is a zero that is multiplied: NaN"
PARTIAL_SUM_OVERFLOWS = "a partial sum overflows"
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Alternative:
    """A choice that an algorithm has: its name, what the expected answer means, and the rule of the others.

    `meaning` sums up the others. The rule takes the tensors, the geometry and the expected output, and returns whole
    outputs by what they mean, equal to the expected one where there is no choice.
    """

    choice: str
    expected_meaning: str
    meaning: str
    rule: Rule

    def answers(self, tensors: Tensors, geometry: Geometry, expected: NDArray) -> Answers:
        """Return the other answers; raises ValueError where there is none, or one is the first or comes twice."""
        answers = self.rule(tensors, geometry, expected)
        distinct = [expected]
        for meaning, answer in answers.items():
            if any(np.array_equal(answer, other, equal_nan=True) for other in distinct):
                raise ValueError(f"{self.choice}: there is nothing to choose: {meaning} is not another answer")
            distinct.append(answer)
        if not answers:
            raise ValueError(f"{self.choice}: there is nothing to choose")
        return answers


def with_pads_multiplied(tensors: Tensors, geometry: Geometry, _: NDArray) -> Answers:
    """Return the sums in which each pad is a zero that is multiplied by its weight."""
    image, weights, bias = tensors
    larger = padded(image, geometry)
    unpadded = replace(geometry, input=larger.shape, padding=VALID)
    sums = sum_by_taps((larger, weights, bias), unpadded).to_float64()
    demand_equal(sums, sum_by_elements((larger, weights, bias), unpadded), "alternative")
    return {PADS_MULTIPLIED: sums}


def with_partial_sums_overflowed(tensors: Tensors, geometry: Geometry, expected: NDArray) -> Answers:
    """Return an infinity for each sum within float32's range whose terms of one sign alone lie beyond it."""
    sums = expected.copy()
    for index in np.ndindex(geometry.output):
        terms = terms_of(tensors, geometry, index)
        above, below = (np.sum(terms[np.sign(terms) == sign]) for sign in (1, -1))
        if above > LARGEST and -below > LARGEST:
            raise ValueError(f"output{list(index)} can overflow to either side, or to NaN")
        if max(above, -below) > LARGEST >= abs(expected[index]):
            sums[index] = np.inf if above > LARGEST else -np.inf
    return {PARTIAL_SUM_OVERFLOWS: sums}


PADDING_TIMES_INFINITY = Alternative(
    "padding-times-infinity", "padding contributes nothing", PADS_MULTIPLIED, with_pads_multiplied
)
SUBNORMAL_FLUSH = Alternative(
    "subnormal-flush",
    "subnormal numbers are kept",
    "subnormal inputs, weights, biases, products, sums or outputs are taken for zero",
    with_subnormals_flushed,
)
INTERMEDIATE_OVERFLOW = Alternative(
    "intermediate-overflow",
    "the sum is formed without an overflow on the way",
    PARTIAL_SUM_OVERFLOWS,
    with_partial_sums_overflowed,
)
CHOICES = (PADDING_TIMES_INFINITY, SUBNORMAL_FLUSH, INTERMEDIATE_OVERFLOW)
