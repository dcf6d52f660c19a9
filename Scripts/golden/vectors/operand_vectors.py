"""Cases of any operation and element type: drawn, refused where degenerate, computed twice, rounded once."""

import numpy as np
from numpy.typing import NDArray

from golden.answers import adjoint, quantized
from golden.answers.reference import demand_equal
from golden.answers.rounding import Exact, is_exact_in, rounds_twice_wrongly
from golden.answers.sums import exact_answer, rounded_answer
from golden.drawing.operands import Operands
from golden.problem.kinds import BIAS, FACTORS, FILTER, FLOATS, INPUT, OUTPUT, RANGE, SIGNIFICAND, STORED, Kind
from golden.problem.naming import INTEGER
from golden.vectors.case import Case
from golden.vectors.degeneracy import answer_degeneracies, operand_degeneracies
from golden.vectors.vector import CaseError, Trial, Vector, members

SCALES_AND_ZERO_POINTS = tuple(role + part for part in ("_zero_point", "_scale") for role in (INPUT, FILTER, OUTPUT))


def trial_of_operands(case: Case) -> Trial:
    """Return the function that makes a vector of this kind of case from a seed."""
    return floating_vector if case.kind.is_floating else integer_vector


def floating_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    kind, geometry = case.kind, case.geometry
    operands = case.operands(seed)
    demand_fitting(case, operands)
    exact = exact_answer(kind, geometry, operands)
    expected = exact.to_float64()
    found = operand_degeneracies(kind, operands, expected)
    if refused := [one for one in found if one not in case.allowed]:
        return None, "degenerate: " + ", ".join(refused)
    if rounds_twice_wrongly(exact, kind.output):
        return None, f"rounding to float64 and then to {kind.output} differs from rounding to {kind.output}"
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
    found = operand_degeneracies(kind, above, sums) + answer_degeneracies(kind, expected)
    if refused := [one for one in found if one not in case.allowed]:
        return None, "degenerate: " + ", ".join(refused)
    adjoint.prove(kind, geometry, above, sums - above.get(BIAS, np.int64(0)), seed)
    if case.check:
        case.check(operands, expected)
    stored = members(case, seed, operands.get(BIAS), found)
    datasets = operands | {"expected": expected}
    if case.alternative:
        stored, datasets = with_alternatives(case, operands, stored, datasets)
    return Vector(stored, datasets), ""


def with_alternatives(
    case: Case, operands: Operands, stored: dict[str, object], datasets: dict[str, NDArray]
) -> tuple[dict[str, object], dict[str, NDArray]]:
    """Return the members and datasets with the further answers of a case that has some."""
    answers = case.alternative.answers(operands, case.geometry, datasets["expected"])
    meanings = {
        "choice": case.alternative.choice,
        "expected_meaning": case.alternative.expected_meaning,
        "alternative_meaning": list(answers),
    }
    return stored | meanings, datasets | {"alternative": np.stack(list(answers.values()))}


def demand_fitting(case: Case, operands: Operands) -> None:
    """Raise ValueError unless the operands are those of the kind: roles, shapes, types, and values of the type."""
    kind = case.kind
    shapes = kind.shapes(case.geometry)
    named = set(operands) - set(SCALES_AND_ZERO_POINTS)
    if named != set(shapes):
        raise ValueError(f"the operands are {', '.join(sorted(named))}, and must be {', '.join(sorted(shapes))}")
    for role, shape in shapes.items():
        values, kind_of_role = operands[role], kind.type_of(role)
        if (values.dtype, values.shape) != (STORED[kind_of_role], shape):
            raise ValueError(
                f"{role} is {values.dtype} {list(values.shape)}, and must be {STORED[kind_of_role]} {list(shape)}"
            )
        if kind_of_role in FLOATS and not is_exact_in(values, kind_of_role).all():
            raise ValueError(f"{role} holds a number that {kind_of_role} has not")
    if not kind.is_floating:
        demand_quantization(kind, operands, case.geometry.filter[3])


def demand_quantization(kind: Kind, operands: Operands, filters: int) -> None:
    """Raise ValueError unless there are the zero points and scales that a kind has, each of them one that there is."""
    parts = SCALES_AND_ZERO_POINTS if kind.is_quantized else SCALES_AND_ZERO_POINTS[:2]
    there = {name for name in operands if name in SCALES_AND_ZERO_POINTS}
    if there != set(parts):
        raise ValueError(f"there are {', '.join(sorted(there))}, and must be {', '.join(sorted(parts))}")
    for name in parts:
        values, role = operands[name], name.split("_")[0]
        if values.shape not in {(1,), (filters,) if role == FILTER else (1,)}:
            raise ValueError(f"{name} has the shape {list(values.shape)}")
        if name.endswith("_scale"):
            sound = values.dtype == np.float32 and np.all(np.isfinite(values) & (values > 0))
        else:
            least, largest = RANGE[kind.type_of(role)]
            sound = values.dtype == np.int32 and np.all((values >= least) & (values <= largest))
        if not sound:
            raise ValueError(f"{name} is {values.dtype} {values.tolist()}, which is none of a {kind.type_of(role)}")
