"""Digest cases of any operation and floating type: large ones, of which seed, digests and a sample are stored."""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from golden.answers import adjoint
from golden.answers.elements import bias_at, factors_at
from golden.answers.reference import demand_equal
from golden.answers.relation import scattered
from golden.answers.rounding import Exact
from golden.drawing.operands import Operands, operand_bounds
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FACTORS, FLOAT32, OUTPUT, SIGNIFICAND, Kind
from golden.problem.naming import INTEGER
from golden.vectors.case import Case
from golden.vectors.degeneracy import degeneracies
from golden.vectors.digest import HALF, rounds_twice_wrongly, sample_indices, two_sum, whole
from golden.vectors.operand_checks import demand_fitting
from golden.vectors.vector import Vector, members


def operand_digest_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    kind, geometry = case.kind, case.geometry
    if case.given or case.draw or SIGNIFICAND[kind.output] > SIGNIFICAND[FLOAT32]:
        raise ValueError(
            "a digest case is drawn as its family is, in at most 24 bits: nothing else follows from its seed"
        )
    operands = case.operands(seed)
    demand_fitting(case, operands)
    grid = 0 if case.data == INTEGER else SIGNIFICAND[kind.output] - 1
    answer, remainder = exact_digested(kind, geometry, operands, grid)
    found = degeneracies(kind, operands, answer)
    if refused := [one for one in found if one not in case.allowed]:
        return None, "degenerate: " + ", ".join(refused)
    if rounds_twice_wrongly(answer, remainder):  # a shorter type's sums lose nothing in float64
        return None, "rounding to float64 and then to float32 differs from rounding to float32"
    if case.data == INTEGER:
        products = {role: operands[role] for role in FACTORS[kind.operation]}
        sums = scattered(kind, geometry, {role: values.astype(np.float64) for role, values in products.items()})
        largest, _ = exact_digested(kind, geometry, {role: np.abs(values) for role, values in operands.items()}, grid)
        if largest.max(initial=0) > 2 ** SIGNIFICAND[kind.output]:
            return None, f"sums of integer data are not exact in {kind.output}"
        adjoint.prove(kind, geometry, products, sums.astype(np.int64), seed)
    indices = sample_indices(answer.shape, seed)
    expected, magnitude = sampled(kind, geometry, operands, grid, indices)
    demand_equal(answer[tuple(indices.T)], expected.to_float64(), "sample")
    datasets = {
        "sample_index": np.ravel_multi_index(tuple(indices.T), answer.shape).astype(np.int64),
        "sample_expected": expected.to_float64(),
        "sample_magnitude": magnitude.to_float32_upwards(),
    }
    stored = members(case, seed, operands.get(BIAS), found) | digests(case, operands)
    # Of float32 the digest is that of the answer in its type, of all others that of what `expected` would hold.
    of_answer = digest(answer.astype(np.float32) if kind.output == FLOAT32 else answer)
    return Vector(stored | {"output_sha256": of_answer}, datasets), ""


def digest(values: NDArray) -> str:
    """Return the SHA-256 of a tensor's bytes as they would be stored: little endian, C order."""
    return sha256(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).data).hexdigest()


def digests(case: Case, operands: Operands) -> dict[str, object]:
    """Return the members that bound the drawn operands, and those that prove them."""
    found: dict[str, object] = {}
    bounds = operand_bounds(case.geometry, case.kind)
    for role, values in operands.items():
        name = "output_operand" if role == OUTPUT else role
        found[f"{name}_sha256"] = digest(values)
        found |= {f"{name}_bound": np.int64(bounds[role])} if case.data == INTEGER else {}
    return found


def exact_digested(kind: Kind, geometry: Geometry, operands: Operands, grid: int) -> tuple[NDArray, NDArray]:
    """Return the answer rounded once to float64, and what the rounding cut off.

    The operands are multiples of 2^-grid. The first factor is split in a high and a low part, so that each sum of
    products is exact in float64, whatever the order of summation: 2^12 * 2^23 * K units are below 2^52 for K < 2^17.
    """
    scaled = {role: np.ldexp(values.astype(np.float64), grid) for role, values in operands.items()}
    if kind.products(geometry) * HALF * 2.0**grid >= 2.0**52:
        raise ValueError(f"sums of {kind.products(geometry)} products are not exact")
    factors = FACTORS[kind.operation]
    units = grid * len(factors)
    offset = np.ldexp(scaled[BIAS], units - grid) if BIAS in operands else 0.0
    if grid == 0:
        answer = scattered(kind, geometry, scaled) + offset
        return answer + 0.0, np.zeros_like(answer)  # -0 becomes 0
    high = np.floor(scaled[factors[0]] / HALF)
    upper = scattered(kind, geometry, scaled | {factors[0]: high}) * HALF
    lower = scattered(kind, geometry, scaled | {factors[0]: scaled[factors[0]] - high * HALF}) + offset
    total, remainder = two_sum(upper, lower)
    return np.ldexp(total, -units) + 0.0, np.ldexp(remainder, -units)


def sampled(
    kind: Kind, geometry: Geometry, operands: Operands, grid: int, indices: NDArray[np.int64]
) -> tuple[Exact, Exact]:
    """Return the exact sums at some indices, and the sums of magnitudes: of the factors looked up there, in integers.

    Products are below 2^46, and there are fewer than 2^17 of them (see `exact_digested`): 64 bits hold their sum.
    """
    units = grid * len(FACTORS[kind.operation])
    sums, magnitudes = np.zeros(len(indices), object), np.zeros(len(indices), object)
    for place, index in enumerate(map(tuple, indices.tolist())):
        first, second = factors_at(kind, geometry, operands, index)
        products = whole(first, grid) * (whole(second, grid) if len(FACTORS[kind.operation]) == 2 else 1)
        bias = bias_at(operands, index)
        offset = 0 if bias is None else int(whole(bias, grid)) * 2 ** (units - grid)
        sums[place] = int(products.sum()) + offset
        magnitudes[place] = int(np.abs(products).sum()) + abs(offset)
    return Exact(sums, units), Exact(magnitudes, units)
