"""Sampled cases: so large that of their answer some elements are stored, and a digest of what some rows add up to.

Nothing is drawn but what these look at: a case of 10^12 products is made in a second. A reader draws the operands,
judges by projections, and proves both against what is stored.
"""

from hashlib import sha256
from math import prod

import numpy as np
from numpy.typing import NDArray

from golden.answers.elements import bias_at, factors_at
from golden.answers.projection import projected_rows
from golden.answers.rounding import Exact
from golden.drawing.lazy import DrawnTensor, lazy_operands
from golden.drawing.operands import Operands, random_bits
from golden.drawing.streams import splitmix64, stream_seed
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FACTORS, FILTER, FILTER_GRADIENT, FLOAT32, OUTPUT, SIGNIFICAND, Kind
from golden.problem.naming import INTEGER
from golden.vectors.case import Case
from golden.vectors.digest import sample_indices, whole
from golden.vectors.vector import Vector, members

STORED = "samples"  # what the member `stored` says
VECTOR = 13  # the stream of the numbers by which elements are multiplied
VECTOR_BITS = 8
ROWS = 14  # the stream that chooses rows
DIGESTED = 2**24  # elements of an operand, of which there is a digest where they are no more


def sampled_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    kind, geometry = case.kind, case.geometry
    if case.given or case.draw or kind.output != FLOAT32 or kind.operation == FILTER_GRADIENT:
        raise ValueError("a sampled case is a forward convolution or an input gradient, drawn as its family is")
    operands = lazy_operands(geometry, kind, case.data, seed)
    first = operands[FACTORS[kind.operation][0]]
    # The others are small.
    known = operands | {role: tensor.whole() for role, tensor in operands.items() if tensor is not first}
    shape = kind.answer(geometry)
    indices = sample_indices(shape, seed)
    expected, magnitude = sampled(kind, geometry, known, 0 if case.data == INTEGER else 23, indices)
    answers = expected.to_float64()
    if np.unique(answers).size < len(answers) // 4:  # a stride leaves zeros in a gradient of the input
        return None, "degenerate: most of the sample is alike"
    datasets = {
        "sample_index": np.ravel_multi_index(tuple(indices.T), shape).astype(np.int64),
        "sample_expected": answers,
        "sample_magnitude": magnitude.to_float32_upwards(),
    }
    stored = members(case, seed, known.get(BIAS), []) | {"stored": STORED} | drawn_members(operands, known)
    if case.data == INTEGER:
        demand_exact(kind, geometry, known, first)
        rows = chosen_rows(shape, seed)
        vector = random_bits(seed, VECTOR, shape[3], VECTOR_BITS) - 2 ** (VECTOR_BITS - 1)
        sums = projected_rows(kind, geometry, known, vector, rows)
        datasets["projection_rows"] = rows
        stored["projection_sha256"] = sha256(sums.astype("<i8").tobytes()).hexdigest()
    return Vector(stored, datasets), ""


def drawn_members(operands: Operands, known: Operands) -> dict[str, object]:
    """Return the members that bound the operands, and those that prove the ones that are not too large for it."""
    found: dict[str, object] = {}
    for role, tensor in operands.items():
        name = "output_operand" if role == OUTPUT else role
        if tensor.bound is not None:
            found[f"{name}_bound"] = np.int64(tensor.bound)
        if tensor.size <= DIGESTED:
            values = tensor.whole() if known[role] is tensor else known[role]
            found[f"{name}_sha256"] = sha256(values.astype("<f4").tobytes()).hexdigest()
    return found


def demand_exact(kind: Kind, geometry: Geometry, operands: Operands, first: DrawnTensor) -> None:
    """Raise ValueError where sums of integer data may be inexact in float32, by the first factor's bound."""
    depth = prod(geometry.filter) // kind.biases(geometry)
    largest = first.bound * np.abs(operands[FILTER]).max() * depth + np.abs(operands.get(BIAS, np.zeros(1))).max()
    if largest > 2 ** SIGNIFICAND[FLOAT32]:
        raise ValueError(f"sums of integer data may be {largest}, and are not exact in float32")


def chosen_rows(shape: tuple[int, ...], seed: int) -> NDArray[np.int64]:
    """Return rows of an answer, counted through its images: the first and the last, and one more of these images."""
    others = splitmix64(stream_seed(seed, ROWS), 2) % np.uint64(shape[1])
    last = (shape[0] - 1) * shape[1]
    return np.unique(np.array([0, others[0], last + int(others[1]), last + shape[1] - 1], np.int64))


def sampled(
    kind: Kind, geometry: Geometry, operands: Operands, grid: int, indices: NDArray[np.int64]
) -> tuple[Exact, Exact]:
    """Return the exact sums at some indices, and the sums of magnitudes, in integers: of any number of products."""
    sums, magnitudes = np.zeros(len(indices), object), np.zeros(len(indices), object)
    for place, index in enumerate(map(tuple, indices.tolist())):
        first, second = factors_at(kind, geometry, operands, index)
        products = whole(first, grid) * whole(second, grid)
        bias = bias_at(operands, index)
        offset = 0 if bias is None else int(whole(bias, grid)) * 2**grid
        sums[place] = added(products) + offset
        magnitudes[place] = added(np.abs(products)) + abs(offset)
    return Exact(sums, 2 * grid), Exact(magnitudes, 2 * grid)


def added(products: NDArray[np.int64]) -> int:
    """Return the sum of products below 2^46 in magnitude, of which there may be more than 64 bits hold together."""
    return (int((products >> 23).sum()) << 23) + int((products & (2**23 - 1)).sum())
