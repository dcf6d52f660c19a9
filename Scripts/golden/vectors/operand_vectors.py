"""Cases of any operation and element type: drawn, refused where degenerate, computed twice, rounded once."""

import numpy as np

from golden.answers import adjoint, quantized
from golden.answers.reference import demand_equal
from golden.answers.rounding import Exact, rounds_twice_wrongly
from golden.answers.sums import exact_answer, rounded_answer
from golden.problem.kinds import BIAS, FACTORS, LEAST_EXPONENT, RANGE, SIGNIFICAND, Kind
from golden.problem.naming import INTEGER, SPECIAL
from golden.vectors.case import OUTPUT, Case
from golden.vectors.degeneracy import answer_degeneracies, degeneracies
from golden.vectors.operand_checks import demand_fitting
from golden.vectors.operand_digests import operand_digest_vector
from golden.vectors.operand_rejections import operand_rejection
from golden.vectors.special_data import special_vector
from golden.vectors.vector import CaseError, Trial, Vector, members, with_alternatives


def trial_of_operands(case: Case) -> Trial:
    """Return the function that makes a vector of this kind of case from a seed."""
    if case.expect != OUTPUT:
        return operand_rejection
    if case.is_digest:
        return operand_digest_vector
    if case.data == SPECIAL:
        return special_vector
    return floating_vector if case.kind.is_floating else integer_vector


def floating_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    kind, geometry = case.kind, case.geometry
    operands = case.operands(seed)
    demand_fitting(case, operands)
    exact = exact_answer(kind, geometry, operands)
    expected = exact.to_float64()
    found = degeneracies(kind, operands, expected)
    if refused := [one for one in found if one not in case.allowed]:
        return None, "degenerate: " + ", ".join(refused)
    if rounds_twice_wrongly(exact, kind.output):
        return None, f"rounding to float64 and then to {kind.output} differs from rounding to {kind.output}"
    if np.any((expected != 0) & (np.abs(expected) < 2.0 ** LEAST_EXPONENT[kind.output])):
        return None, f"an answer is subnormal in {kind.output}, which an engine may take for zero"
    magnitudes = {role: np.abs(values) for role, values in operands.items()}
    magnitude = exact_answer(kind, geometry, magnitudes)
    if case.data == INTEGER and (reason := inexact(kind, magnitude)):
        return None, reason
    demand_equal(expected, rounded_answer(kind, geometry, operands), "answer")
    demand_equal(magnitude.to_float64(), rounded_answer(kind, geometry, magnitudes), "magnitude")
    if case.data == INTEGER:
        products = {role: operands[role] for role in FACTORS[kind.operation]}
        adjoint.prove(kind, geometry, products, exact_answer(kind, geometry, products).whole, seed)
    if case.check:
        case.check(operands, expected)
    answers = {"expected": expected, "magnitude": magnitude.to_float32_upwards()}
    return Vector(members(case, seed, operands.get(BIAS), found), operands | answers), ""


def inexact(kind: Kind, magnitude: Exact) -> str:
    """Return why integer data is not exact in its type whatever the order of summation; empty where it is."""
    limit = 2 ** SIGNIFICAND[kind.output]
    too_large = magnitude.exceeds(np.float64(limit)).any()
    return f"sums of integer data can exceed {limit}, and are not exact in {kind.output}" if too_large else ""


def integer_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    kind, geometry = case.kind, case.geometry
    operands = case.operands(seed)
    demand_fitting(case, operands)
    sums = quantized.sums_scattered(kind, geometry, operands)
    demand_equal(sums, quantized.sums_gathered(kind, geometry, operands), "sum")
    least, largest = RANGE["int32"]
    if sums.size and not (least <= sums.min() and sums.max() <= largest):
        raise CaseError(f"{case.name}: a sum does not fit int32")
    expected = sums.astype(np.float64)
    above = quantized.centred(operands)
    if kind.is_quantized:
        if case.alternative is None and quantized.near_ties(sums, operands).any():
            return None, "a value lies near the middle between two answers"
        expected = quantized.divided(kind, sums, operands)
        demand_equal(expected, quantized.by_thresholds(kind, sums, operands), "answer")
    found = degeneracies(kind, above, sums) + answer_degeneracies(kind, expected)
    if refused := [one for one in found if one not in case.allowed]:
        return None, "degenerate: " + ", ".join(refused)
    adjoint.prove(kind, geometry, above, sums - above.get(BIAS, np.int64(0)), seed)
    if case.check:
        case.check(operands, expected)
    vector = Vector(members(case, seed, operands.get(BIAS), found), operands | {"expected": expected})
    return with_alternatives(case, operands, vector), ""
