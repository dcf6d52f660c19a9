"""The exact answers of every operation and type, by two formulations in two kinds of arithmetic.

`exact_answer` scatters whole numbers: split into limbs where 64 bits do not hold their sums. `rounded_answer` gathers,
and adds in float64: matrix products where they are exact, else each product as the float64 that it rounds to and what
that rounding lost (Veltkamp and Dekker, 1971), all added by math.fsum, which rounds once.
"""

from collections.abc import Callable
from math import fsum

import numpy as np
from numpy.typing import NDArray

from golden.answers.reference import affine_rounded_once, largest_of
from golden.answers.relation import gathered, scattered
from golden.answers.rounding import Exact, to_whole
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FACTORS, FLOAT64, Kind

MOST_LIMBS = 8
SPLIT = 2.0**27 + 1

Contract = Callable[[list[NDArray]], NDArray]


def exact_answer(kind: Kind, geometry: Geometry, operands: Operands) -> Exact:
    """Return the exact answer: every factor scaled to a whole number, then `scattered` over integers."""
    roles = FACTORS[kind.operation]
    scaled = [to_whole(operands[role]) for role in roles]
    scale = sum(of_factor for _, of_factor in scaled)

    def contract(factors: list[NDArray]) -> NDArray:
        return scattered(kind, geometry, dict(zip(roles, factors, strict=True)))

    whole = contracted(contract, [values for values, _ in scaled], kind.products(geometry))
    if BIAS not in operands:
        return Exact(whole, scale)
    bias, of_bias = to_whole(operands[BIAS])
    finer = max(of_bias - scale, 0)
    return Exact(whole.astype(object) * 2**finer + bias * 2 ** (scale + finer - of_bias), scale + finer)


def contracted(contract: Contract, factors: list[NDArray], terms: int) -> NDArray:
    """Return sums of so many products of whole numbers, exactly: in 64 bits, in several times 64 bits, or Python's."""
    largest = [largest_of(values) for values in factors]
    product = max(terms, 1)
    for of_factor in largest:
        product *= of_factor
    if product < 2**63 and max(largest) < 2**63:
        return contract([values.astype(np.int64) for values in factors])
    bits = (62 - terms.bit_length()) // len(factors)
    counts = [-(-of_factor.bit_length() // bits) for of_factor in largest]
    if max(counts) > MOST_LIMBS:
        return contract(factors)
    total: NDArray | int = 0
    for places in np.ndindex(*counts):
        limbs = [limb(values, place, bits) for values, place in zip(factors, places, strict=True)]
        total = total + contract(limbs).astype(object) * 2 ** (bits * sum(places))
    return total


def limb(values: NDArray, place: int, bits: int) -> NDArray[np.int64]:
    """Return the bits of whole numbers from place * bits on, so many, with the sign of each number."""
    magnitudes = np.abs(values) // 2 ** (place * bits) % 2**bits
    return np.where(values < 0, -magnitudes, magnitudes).astype(np.int64)


def rounded_answer(kind: Kind, geometry: Geometry, operands: Operands) -> NDArray[np.float64]:
    """Return the answer rounded once to float64: for each element the factors that meet there, multiplied and added."""
    bias = operands.get(BIAS)
    affine = affine_in_doubles if kind.output == FLOAT64 else affine_in_singles

    def combine(table: NDArray, _: NDArray, matrix: NDArray, places: slice) -> NDArray:
        offset = np.zeros(matrix.shape[1]) if bias is None else bias[places].astype(np.float64)
        return affine(table.astype(np.float64), matrix.astype(np.float64), offset)

    return gathered(kind, geometry, operands, combine)


def affine_in_singles(table: NDArray, matrix: NDArray, offset: NDArray) -> NDArray:
    """Return table @ matrix + offset rounded once, of float64 that hold float32 values or shorter ones."""
    whole = all(np.array_equal(values, np.rint(values)) for values in (table, matrix, offset))
    if whole and np.abs(table).sum(axis=1).max(initial=0) * np.abs(matrix).max(initial=0) < 2.0**52:
        return table @ matrix + offset
    return affine_rounded_once(table, matrix, offset)


def affine_in_doubles(table: NDArray, matrix: NDArray, offset: NDArray) -> NDArray:
    """Return table @ matrix + offset rounded once, of any float64 whose products neither overflow nor underflow."""
    answer = np.empty((len(table), len(offset)))
    for column, (factors, bias) in enumerate(zip(matrix.T, offset, strict=True)):
        products = table * factors
        terms = np.concatenate([products, lost(table, factors, products)], axis=1)
        answer[:, column] = [fsum([*row, bias]) for row in terms.tolist()]
    return answer


def lost(first: NDArray, second: NDArray, product: NDArray) -> NDArray:
    """Return what rounding a product of float64 lost, exactly (Dekker's product)."""
    (high, low), (of_high, of_low) = halves(first), halves(second)
    return ((high * of_high - product) + high * of_low + low * of_high) + low * of_low


def halves(values: NDArray) -> tuple[NDArray, NDArray]:
    """Return two numbers of at most 26 bits each that add up to a float64 (Veltkamp's split)."""
    scaled = values * SPLIT
    high = scaled - (scaled - values)
    return high, values - high
