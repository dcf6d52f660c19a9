"""Real operands that are hard on arithmetic, in any floating type: one sign, cancellation, many binades.

Integers and exact powers of two only, as `operands` draws.
"""

from math import prod

import numpy as np
from numpy.typing import NDArray

from golden.drawing.operands import PARAMETERS, STREAMS, Operands, draw_real_operands, random_bits
from golden.problem.geometry import Geometry
from golden.problem.kinds import (
    BFLOAT16,
    BIAS,
    FACTORS,
    FILTER,
    FILTER_GRADIENT,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    FORWARD,
    INPUT,
    INPUT_GRADIENT,
    OUTPUT,
    SIGNIFICAND,
    STORED,
    Kind,
)

BINADES = {FLOAT64: 40, FLOAT32: 12, FLOAT16: 3, BFLOAT16: 12}  # the largest exponent, either way
SUMMED = {  # the axis of each factor along which products are summed beside the taps
    FORWARD: {INPUT: 3, FILTER: 2},
    INPUT_GRADIENT: {OUTPUT: 3, FILTER: 3},
    FILTER_GRADIENT: {INPUT: 0, OUTPUT: 0},
}


def draw_positive_operands(geometry: Geometry, kind: Kind, seed: int) -> Operands:
    """Draw all operands in (0, 1], with all bits of the significand: ((z >> 64 - p) + 1) * 2^-p."""
    drawn = {}
    for role, shape in kind.shapes(geometry).items():
        bits = SIGNIFICAND[kind.output]
        whole = random_bits(seed, STREAMS[role], prod(shape), bits) + 1
        drawn[role] = np.ldexp(whole.astype(np.float64), -bits).astype(STORED[kind.output]).reshape(shape)
    return drawn


def draw_negative_operands(geometry: Geometry, kind: Kind, seed: int) -> Operands:
    """Draw the first factor in [-1, 0) and all else in (0, 1], a bias in [-1, 0): every product is negative."""
    drawn = draw_positive_operands(geometry, kind, seed)
    negated = (FACTORS[kind.operation][0], BIAS)
    return {role: -values if role in negated else values for role, values in drawn.items()}


def draw_cancelling_operands(geometry: Geometry, kind: Kind, seed: int) -> Operands:
    """Draw operands whose second half, along the axis that is summed, nearly cancels the first.

    There the first factor is that of the first half, and the second its negative, each with a little added, so that
    partners are rounded to different values in a shorter format.
    """
    drawn = draw_real_operands(geometry, kind, seed)
    (first, axis), (second, of_second) = SUMMED[kind.operation].items()
    size = drawn[first].shape[axis]
    for turn, (role, of_role) in enumerate(((first, axis), (second, of_second))):
        values = np.moveaxis(drawn[role], of_role, 0)  # a view
        half = values[: size // 2]
        partners = perturbed(half, kind, seed + turn)
        values[size // 2 : size // 2 * 2] = partners if turn == 0 else -partners
    return drawn


def perturbed(values: NDArray, kind: Kind, seed: int) -> NDArray:
    """Return numbers in [-1, 1) with a multiple of the last bit added, of less than the lower half of the bits."""
    bits = SIGNIFICAND[kind.output]
    room = 2 ** (bits // 2)
    whole = np.ldexp(values.astype(np.float64), bits - 1)
    added = random_bits(seed, PARAMETERS, values.size, 24).reshape(values.shape) % (2 * room) - room
    limit = 2.0 ** (bits - 1)
    return np.ldexp(np.clip(whole + added, -limit, limit), 1 - bits).astype(values.dtype)


def draw_binades_operands(geometry: Geometry, kind: Kind, seed: int) -> Operands:
    """Draw reals times 2^e with e uniform between two exponents of the type's (streams behind all others)."""
    drawn = draw_real_operands(geometry, kind, seed)
    widest = BINADES[kind.output]
    for role, values in drawn.items():
        bits = random_bits(seed, PARAMETERS + 1 + STREAMS[role], values.size, 24).reshape(values.shape)
        exponents = (bits * (2 * widest + 1) >> 24) - widest
        exact = np.ldexp(values.astype(np.float64), exponents)
        # What float16 would have as a subnormal number loses bits: it is left as it was.
        drawn[role] = np.where(exact.astype(values.dtype) == exact, exact, values).astype(values.dtype)
    return drawn
