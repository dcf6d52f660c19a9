"""What IEEE 754 leaves to the algorithm: further answers to a case, as right as the first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.answers.flushing import with_subnormals_flushed
from golden.answers.ieee import sum_by_elements, sum_by_taps, terms_of
from golden.answers.quantized import ROUNDINGS, TO_EVEN, by_thresholds, divided, sums_scattered
from golden.answers.reference import demand_equal
from golden.answers.relation import gathered, scattered
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import FACTORS, FILTER, FORWARD, LARGEST_EXPONENT, SIGNIFICAND, Kind

Answers = dict[str, NDArray[np.float64]]  # whole outputs, by what each means
Rule = Callable[[Kind, Geometry, Operands, NDArray], Answers]
PADS_MULTIPLIED = "padding is a zero that is multiplied: NaN"
PARTIAL_SUM_OVERFLOWS = "a partial sum overflows"
ROUNDED_TWICE = "rounded to float32 first, and then beyond the range"


@dataclass(frozen=True)
class Alternative:
    """A choice that an algorithm has: its name, what the expected answer means, and the rule of the others.

    `meaning` sums up the others. The rule takes the kind, the geometry, the operands and the expected answer, and
    returns whole answers by what they mean, equal to the expected one where there is no choice.
    """

    choice: str
    expected_meaning: str
    meaning: str
    rule: Rule

    def answers(self, kind: Kind, geometry: Geometry, operands: Operands, expected: NDArray) -> Answers:
        """Return the other answers; raises ValueError where there is none, or one is the first or comes twice."""
        answers = self.rule(kind, geometry, operands, expected)
        distinct = [expected]
        for meaning, answer in answers.items():
            if any(np.array_equal(answer, other, equal_nan=True) for other in distinct):
                raise ValueError(f"{self.choice}: there is nothing to choose: {meaning} is not another answer")
            distinct.append(answer)
        if not answers:
            raise ValueError(f"{self.choice}: there is nothing to choose")
        return answers


def with_pads_multiplied(kind: Kind, geometry: Geometry, operands: Operands, _: NDArray) -> Answers:
    """Return the sums in which each pad is a zero that is multiplied by its weight.

    Of an input's gradient, the zeros around and between the output's gradient are.
    """
    return {PADS_MULTIPLIED: padded_sums(kind, geometry, operands)}


def padded_sums(kind: Kind, geometry: Geometry, operands: Operands) -> NDArray[np.float64]:
    """Return the sums with a product for each tap: NaN, too, where a zero that is no term meets what is not finite."""
    weights = operands[FILTER]
    exact = sum_by_taps(kind, geometry, operands).to_float64()
    demand_equal(exact, sum_by_elements(kind, geometry, operands), "alternative")

    def met(values: Operands) -> NDArray:
        return scattered(kind, geometry, values)

    def unmet(_: NDArray, there: NDArray, matrix: NDArray, __: slice) -> NDArray:
        return (~there).astype(np.float64) @ (~np.isfinite(matrix)).astype(np.float64)

    # By looking up the taps that meet nothing, and by counting: those of a filter, less those that meet something.
    looked_up = gathered(kind, geometry, operands, unmet) > 0
    other = next(role for role in FACTORS[kind.operation] if role != FILTER)
    odd = (~np.isfinite(weights)).astype(np.int64)
    ones = np.ones(operands[other].shape, np.int64)
    # Of an output, all taps of its filter; of an input's channel, all taps of the channel in each filter of its group.
    of_filters = odd.sum(axis=(0, 1, 2))
    of_channels = odd.sum(axis=(0, 1)).reshape(odd.shape[2], geometry.groups, -1).sum(axis=2).T.reshape(-1)
    all_taps = of_filters if kind.operation == FORWARD else of_channels
    counted = all_taps - met({other: ones, FILTER: odd}) > 0
    demand_equal(looked_up.astype(float), counted.astype(float), "taps that meet nothing")
    return np.where(counted, np.nan, exact)


def with_partial_sums_overflowed(kind: Kind, geometry: Geometry, operands: Operands, expected: NDArray) -> Answers:
    """Return an infinity for each sum within the type's range whose terms of one sign alone lie beyond it."""
    sums, largest = expected.copy(), largest_of(kind.output)
    for index in np.ndindex(sums.shape):
        terms = terms_of(kind, geometry, operands, index)
        above, below = (np.sum(terms[np.sign(terms) == sign]) for sign in (1, -1))
        if above > largest and -below > largest:
            raise ValueError(f"answer{list(index)} can overflow to either side, or to NaN")
        if max(above, -below) > largest >= abs(expected[index]):
            sums[index] = np.inf if above > largest else -np.inf
    return {PARTIAL_SUM_OVERFLOWS: sums}


def largest_of(kind: str) -> float:
    """Return the largest number of a floating type."""
    return (2.0 - 2.0 ** (1 - SIGNIFICAND[kind])) * 2.0 ** LARGEST_EXPONENT[kind]


def with_two_roundings(kind: Kind, _: Geometry, __: Operands, expected: NDArray) -> Answers:
    """Return an infinity for each sum that lies within the range, but rounds beyond it where it is float32 first."""
    threshold = largest_of(kind.output) + 2.0 ** (LARGEST_EXPONENT[kind.output] - SIGNIFICAND[kind.output])
    with np.errstate(over="ignore"):  # what is beyond float32 is an infinity
        first = np.abs(expected.astype(np.float32)).astype(np.float64)
    beyond = (np.abs(expected) < threshold) & (first >= threshold)
    return {ROUNDED_TWICE: np.where(beyond, np.copysign(np.inf, expected), expected)}


def with_other_roundings(kind: Kind, geometry: Geometry, operands: Operands, expected: NDArray) -> Answers:
    """Return the quantized answers with halves rounded otherwise than to even, where that makes other answers."""
    sums = sums_scattered(kind, geometry, operands)
    found: Answers = {}
    for rounding in ROUNDINGS:
        answer = divided(kind, sums, operands, rounding)
        demand_equal(answer, by_thresholds(kind, sums, operands, rounding), rounding)
        known = [expected, *found.values()]
        if rounding != TO_EVEN and not any(np.array_equal(answer, other) for other in known):
            found[rounding] = answer
    return found


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
OVERFLOW_THRESHOLD = Alternative(
    "overflow-threshold",
    "the sum is rounded once, and stays in range",
    ROUNDED_TWICE,
    with_two_roundings,
)
TIE_ROUNDING = Alternative(
    "tie-rounding",
    "halves are rounded to the even number",
    "halves are rounded away from zero, or up",
    with_other_roundings,
)
CHOICES = (PADDING_TIMES_INFINITY, SUBNORMAL_FLUSH, INTERMEDIATE_OVERFLOW, OVERFLOW_THRESHOLD, TIE_ROUNDING)
