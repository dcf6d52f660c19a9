"""Answers in integers: sums of what lies above the zero points, and their rounding by scales.

    s = sum over products of (x - zero point of x) * (w - zero point of w's filter), and the bias
    v = s * scale of x * scale of w's filter / scale of y          answer = saturate(round(v) + zero point of y)

v is a fraction of whole numbers. It is rounded by division, and once more by thresholds: for each value that the answer
can have, the least sum that reaches it.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from golden.answers.relation import gathered, scattered
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FILTER, INPUT, RANGE, Kind

TO_EVEN, AWAY, UP = "half to even", "half away from zero", "half up"
TO_EVEN_AFTER = "half to even, after the zero point is added"
ROUNDINGS = (TO_EVEN, AWAY, UP, TO_EVEN_AFTER)
ZERO_POINT, SCALE = "_zero_point", "_scale"
LEAST_DISTANCE, RELATIVE_DISTANCE = Fraction(1, 2**8), Fraction(1, 2**20)  # of v from a tie, in ordinary cases


def centred(operands: Operands) -> Operands:
    """Return input and filter without their zero points, and the bias, as int64."""
    found = {role: operands[role].astype(np.int64) - operands[role + ZERO_POINT] for role in (INPUT, FILTER)}
    return found | ({BIAS: operands[BIAS].astype(np.int64)} if BIAS in operands else {})


def sums_scattered(kind: Kind, geometry: Geometry, operands: Operands) -> NDArray[np.int64]:
    """Return the sums s, tap by tap in int64."""
    above = centred(operands)
    return scattered(kind, geometry, above) + above.get(BIAS, np.int64(0))


def sums_gathered(kind: Kind, geometry: Geometry, operands: Operands) -> NDArray[np.float64]:
    """Return the sums s, by matrix products in float64, which are exact: every sum is below 2^53."""
    above = {role: values.astype(np.float64) for role, values in centred(operands).items()}

    def combine(table: NDArray, _: NDArray, matrix: NDArray, places: slice) -> NDArray:
        return table @ matrix + (above[BIAS][places] if BIAS in above else 0.0)

    return gathered(kind, geometry, above, combine)


def multipliers(operands: Operands, filters: int) -> list[Fraction]:
    """Return for each filter what a sum is multiplied by: scale of x * scale of w / scale of y."""
    of_input, of_output = (Fraction(float(operands[role + SCALE][0])) for role in ("input", "output"))
    of_filter = np.broadcast_to(operands["filter" + SCALE], filters)
    return [of_input * Fraction(float(scale)) / of_output for scale in of_filter]


def divided(kind: Kind, sums: NDArray, operands: Operands, rounding: str = TO_EVEN) -> NDArray[np.float64]:
    """Return the answer by division of whole numbers."""
    least, largest = RANGE[kind.output]
    zero_point = int(operands["output" + ZERO_POINT][0])
    answer = np.empty(sums.shape, object)
    for place, multiplier in enumerate(multipliers(operands, sums.shape[-1])):
        above, below = 2 * multiplier.numerator, 2 * multiplier.denominator
        numerators = sums[..., place].astype(object) * above + multiplier.denominator
        found = numerators // below  # half up
        tie = numerators % below == 0
        lower = {
            TO_EVEN: found % 2 == 1,
            AWAY: found <= 0,
            UP: np.zeros(found.shape, bool),
            TO_EVEN_AFTER: (found + zero_point) % 2 == 1,
        }[rounding]
        answer[..., place] = found - (tie & lower.astype(bool))
    return np.clip(answer + zero_point, least, largest).astype(np.float64)


def by_thresholds(kind: Kind, sums: NDArray, operands: Operands, rounding: str = TO_EVEN) -> NDArray[np.float64]:
    """Return the answer by looking each sum up among the least sums that reach each value."""
    least, largest = RANGE[kind.output]
    zero_point = int(operands["output" + ZERO_POINT][0])
    answer = np.empty(sums.shape)
    for place, multiplier in enumerate(multipliers(operands, sums.shape[-1])):
        thresholds = []
        for value in range(least + 1 - zero_point, largest + 1 - zero_point):
            # The sum that is in the middle of two values, as a fraction.
            dividend, divisor = (2 * value - 1) * multiplier.denominator, 2 * multiplier.numerator
            even, even_after = value % 2 == 0, (value + zero_point) % 2 == 0
            belongs = {TO_EVEN: even, AWAY: value > 0, UP: True, TO_EVEN_AFTER: even_after}[rounding]
            first = -(-dividend // divisor)
            thresholds.append(first + (dividend % divisor == 0 and not belongs))
        limited = np.clip(np.array(thresholds, object), -(2**62), 2**62).astype(np.int64)
        answer[..., place] = least + np.searchsorted(limited, sums[..., place].astype(np.int64), side="right")
    return answer


def near_ties(sums: NDArray, operands: Operands) -> NDArray[np.bool_]:
    """Return where v lies nearer to a tie than ordinary cases may: 2^-8 + 2^-20 * |v|."""
    found = np.zeros(sums.shape, bool)
    for place, multiplier in enumerate(multipliers(operands, sums.shape[-1])):
        values, unit = sums[..., place].astype(object) * multiplier.numerator, multiplier.denominator
        # In units of 1 / (2 * unit): twice the distance of v from the middle between two whole numbers.
        from_tie = np.abs(2 * (values % unit) - unit)
        least = (2 * unit * LEAST_DISTANCE.numerator * 2**12 + 2 * np.abs(values)) // 2**20
        found[..., place] = from_tie <= least
    return found
