"""Cases of special data: NaN, infinities, signed zeros, subnormals, sums that overflow."""

import numpy as np

from golden.answers.ieee import sum_by_elements, sum_by_taps
from golden.answers.reference import demand_equal
from golden.answers.rounding import rounds_twice_wrongly
from golden.drawing.operands import by_role
from golden.problem.kinds import BIAS
from golden.vectors.case import Case
from golden.vectors.degeneracy import degeneracies
from golden.vectors.operand_checks import demand_fitting
from golden.vectors.vector import Vector, members, with_alternatives


def special_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    kind, geometry = case.kind, case.geometry
    operands = case.operands(seed) if not kind.is_plain else by_role(case.tensors(seed))
    demand_fitting(case, operands)
    total = sum_by_taps(kind, geometry, operands)
    expected = total.to_float64()
    found = degeneracies(kind, operands, expected)
    refused = [one for one in found if one not in case.allowed]
    if refused:
        return None, "degenerate: " + ", ".join(refused)
    with np.errstate(over="ignore"):  # beyond the largest float32 the float32 is an infinity, as it should be
        if rounds_twice_wrongly(total.finite, kind.output):
            return None, f"rounding to float64 and then to {kind.output} differs from rounding to {kind.output}"
        demand_equal(expected, sum_by_elements(kind, geometry, operands), "answer")
        magnitudes = {role: np.abs(values) for role, values in operands.items()}
        magnitude = sum_by_taps(kind, geometry, magnitudes)
        demand_equal(magnitude.to_float64(), sum_by_elements(kind, geometry, magnitudes), "magnitude")
        scale = magnitude.to_float32_upwards()
    if case.check:
        case.check(operands, expected)
    # What is not finite has no scale; an infinite one says so.
    answers = {"expected": expected, "magnitude": np.where(np.isfinite(expected), scale, np.float32(np.inf))}
    vector = Vector(members(case, seed, operands.get(BIAS), found), operands | answers)
    return with_alternatives(case, operands, vector), ""
