"""Operands of any operation and element type, drawn from the streams."""

from collections.abc import Callable
from math import isqrt, prod, sqrt

import numpy as np
from numpy.typing import NDArray

from golden.drawing.families import Tensors, integer_bounds
from golden.drawing.streams import splitmix64, stream_seed
from golden.problem.geometry import Geometry
from golden.problem.kinds import (
    BFLOAT16,
    BIAS,
    FACTORS,
    FILTER,
    FLOAT16,
    FLOAT32,
    INPUT,
    INT8,
    OUTPUT,
    SIGNIFICAND,
    STORED,
    Kind,
)

STREAMS = {INPUT: 0, FILTER: 1, BIAS: 2, OUTPUT: 9}
PARAMETERS = 10  # the stream of zero points and scales
THINNING = 11  # the stream that decides which elements become zero
WITNESS = 12  # the stream of the tensor with which an answer is multiplied to prove it
SHORT = (FLOAT16, BFLOAT16)

Operands = dict[str, NDArray]  # tensors by role; zero points and scales by their datasets' names
OperandDraw = Callable[[Geometry, Kind, int], Operands]


def by_role(tensors: Tensors) -> Operands:
    """Return (input, filter, bias) by role, without a bias that there is not."""
    return {role: values for role, values in zip((INPUT, FILTER, BIAS), tensors, strict=True) if values is not None}


def random_bits(seed: int, stream: int, count: int, bits: int) -> NDArray[np.int64]:
    """Return the upper bits, fewer than 64, of a stream's outputs."""
    return (splitmix64(stream_seed(seed, stream), count) >> np.uint64(64 - bits)).astype(np.int64)


def whole_numbers(seed: int, stream: int, shape: tuple[int, ...], bound: int) -> NDArray[np.int64]:
    """Return whole numbers in -bound ... bound: ((z >> 40) * (2 * bound + 1) >> 24) - bound."""
    return ((random_bits(seed, stream, prod(shape), 24) * (2 * bound + 1) >> 24) - bound).reshape(shape)


def reals_of(kind: str, seed: int, stream: int, shape: tuple[int, ...]) -> NDArray:
    """Return numbers in [-1, 1) with all p bits of a type's significand: ((z >> 64 - p) - 2^(p-1)) * 2^-(p-1)."""
    bits = SIGNIFICAND[kind]
    drawn = random_bits(seed, stream, prod(shape), bits) - 2 ** (bits - 1)
    return np.ldexp(drawn.astype(np.float64), 1 - bits).astype(STORED[kind]).reshape(shape)


def bytes_of(kind: str, seed: int, stream: int, shape: tuple[int, ...]) -> NDArray:
    """Return integers over the whole range of int8 or uint8: (z >> 56) - 128, or z >> 56."""
    drawn = random_bits(seed, stream, prod(shape), 8)
    return (drawn - 128 if kind == INT8 else drawn).astype(STORED[kind]).reshape(shape)


def draw_real_operands(geometry: Geometry, kind: Kind, seed: int) -> Operands:
    """Draw the `real` family of any operation in any floating type."""
    return {
        role: reals_of(kind.type_of(role), seed, STREAMS[role], shape) for role, shape in kind.shapes(geometry).items()
    }


def draw_integer_operands(geometry: Geometry, kind: Kind, seed: int) -> Operands:
    """Draw the `integer` family of any operation in any floating type: whole numbers whose sums are exact in it."""
    bounds = operand_bounds(geometry, kind)
    drawn = {
        role: whole_numbers(seed, STREAMS[role], shape, bounds[role]) for role, shape in kind.shapes(geometry).items()
    }
    share = density(kind.products(geometry), kind.output)
    if share < 1:
        role = FACTORS[kind.operation][-1]
        kept = random_bits(seed, THINNING, drawn[role].size, 24) < int(share * 2**24)
        drawn[role] = np.where(kept.reshape(drawn[role].shape), drawn[role], 0)
    return {role: values.astype(STORED[kind.type_of(role)]) for role, values in drawn.items()}


def operand_bounds(geometry: Geometry, kind: Kind) -> dict[str, int]:
    """Return the largest magnitude of integer data for each operand.

    float32 as `integer_bounds` has it; float64 likewise, for sums below 2^53; the short types so that the magnitudes of
    an element's products can be expected to sum up to what the type holds exactly, which is proven for each case.
    """
    products = max(kind.products(geometry), 1)
    factors = FACTORS[kind.operation]
    if len(factors) == 1:
        return {factors[0]: min(127, max(1, 2 ** SIGNIFICAND[kind.output] // products))}
    if kind.output in SHORT:
        first, second, bias = short_bounds(products, kind.output, geometry.bias)
    elif kind.output == FLOAT32:
        first, second, bias = integer_bounds(products)
    else:
        first = second = min(2**24 - 1, isqrt(2**52 // products))
        bias = 2**36
    return {factors[0]: first, factors[1]: second, BIAS: bias}


def short_bounds(products: int, kind: str, has_bias: bool) -> tuple[int, int, int]:
    """Return bounds for both factors and the bias of a short type: the largest ones whose sums probably fit."""
    limit = 2 ** SIGNIFICAND[kind]
    bias = limit // 8
    room = limit - bias * has_bias
    pairs = [(a, b) for b in range(1, 33) for a in range(b, 3 * b + 1) if likely_sum(products, a, b) <= room]
    first, second = max(pairs, key=lambda pair: (pair[0] * pair[1], pair[1]), default=(1, 1))
    return first, second, bias


def likely_sum(products: int, first: int, second: int) -> float:
    """Return what the magnitudes of so many products of numbers up to two bounds hardly ever exceed in sum."""
    mean = prod(bound * (bound + 1) / (2 * bound + 1) for bound in (first, second))
    return min(products * first * second, mean * (products + 3.6 * sqrt(products)))


def density(products: int, kind: str) -> float:
    """Return the share of one operand that is not made zero: 1 but for so many products that a short type overflows."""
    limit = 2 ** SIGNIFICAND[kind] * 0.75
    return 1.0 if kind not in SHORT else min(1.0, limit / max(likely_sum(products, 1, 1), 1.0))


OPERAND_DRAWS: dict[str, OperandDraw] = {"integer": draw_integer_operands, "real": draw_real_operands}
