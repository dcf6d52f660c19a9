"""Real data that is hard on arithmetic: one sign, cancellation, many binades, small values onto large ones.

Like `draw`, integers and exact powers of two only.
"""

import numpy as np

from golden.drawing.families import (
    BIAS,
    FILTER,
    INPUT,
    SECOND,
    Tensor,
    Tensors,
    bits24,
    draw_reals,
    integers,
    reals,
    shapes,
)
from golden.problem.geometry import Geometry

GRID = np.float32(2.0**-23)


def positive(seed: int, stream: int, shape: tuple[int, ...]) -> Tensor:
    """Return reals in (0, 1] on a grid of 2^-24: ((z >> 40) + 1) * 2^-24."""
    return ((bits24(seed, stream, shape) + 1) * 2.0**-24).astype(np.float32)


def draw_positive(geometry: Geometry, seed: int) -> Tensors:
    """Draw all tensors in (0, 1]: errors of one sign add up."""
    x, w, b = (None if s is None else positive(seed, stream, s) for stream, s in enumerate(shapes(geometry)))
    return (x, w, b)


def draw_negative(geometry: Geometry, seed: int) -> Tensors:
    """Draw the input in [-1, 0), filter and bias in (0, 1] and [-1, 0): every product is negative."""
    x, w, b = draw_positive(geometry, seed)
    return (-x, w, None if b is None else -b)


def perturbation(seed: int, stream: int, shape: tuple[int, ...]) -> Tensor:
    """Return multiples of 2^-23 in -2^-7 ... 2^-7: ((z >> 40) * (2 * 2^16 + 1) >> 24) - 2^16, times 2^-23."""
    return integers(seed, stream, shape, 2**16) * GRID


def draw_cancelling(geometry: Geometry, seed: int, distance: int) -> Tensors:
    """Draw channels in pairs whose products nearly cancel.

    The partner of channel c is `distance` on: its input is channel c's, its filter channel c's negated, each with a
    `perturbation` (streams 3 and 4). That is wide enough for the two to round to different values in a short format:
    exact partners would round alike, and their errors cancel as they do.
    """
    x, w, b = draw_reals(geometry, seed)
    channels = np.arange(geometry.input[3])
    partners = channels[(channels // distance) % 2 == 1]
    of_input = perturbation(seed, SECOND + INPUT, geometry.input)
    of_filter = perturbation(seed, SECOND + FILTER, geometry.filter)
    x[..., partners] = x[..., partners - distance] + of_input[..., partners]
    w[:, :, partners] = -w[:, :, partners - distance] - of_filter[:, :, partners]
    return (x, w, b)


def draw_cancelling_near(geometry: Geometry, seed: int) -> Tensors:
    """Draw neighbouring channels that cancel each other."""
    return draw_cancelling(geometry, seed, 1)


def draw_cancelling_far(geometry: Geometry, seed: int) -> Tensors:
    """Draw channels whose second half cancels the first: the sum grows first and falls later."""
    return draw_cancelling(geometry, seed, geometry.input[3] // 2)


def draw_binades(geometry: Geometry, seed: int) -> Tensors:
    """Draw reals times 2^e with e in -12 ... 12, uniform (streams 3, 4, 5): products over fifty binades."""
    drawn: list[Tensor | None] = []
    for stream, shape in zip((INPUT, FILTER, BIAS), shapes(geometry), strict=True):
        if shape is None:
            drawn.append(None)
            continue
        exponents = (bits24(seed, SECOND + stream, shape) * 25 >> 24) - 12
        drawn.append(np.ldexp(reals(seed, stream, shape), exponents.astype(np.int32)))
    return (drawn[INPUT], drawn[FILTER], drawn[BIAS])


def draw_small_onto_large(geometry: Geometry, seed: int) -> Tensors:
    """Draw reals, and multiply the middle tap of each filter by 2^12: all other products are small against its own.

    The middle, because a correct sum in float32 loses most where the large term comes first.
    """
    x, w, b = draw_reals(geometry, seed)
    kh, kw, channels, _ = geometry.filter
    w[kh // 2, kw // 2, channels // 2] *= np.float32(2.0**12)
    return (x, w, b)


def leaning(seed: int, stream: int, shape: tuple[int, ...]) -> Tensor:
    """Return reals in [1/2, 1) whose significand is 1aaaaaaa 01bbbbbb 011ccccc in bits, of z >> 40 = abc and more.

    Behind 8 bits and behind 16 there is less than half a unit: rounding to either cuts, always to the same side, and
    what a bfloat16 number leaves is itself positive, and cut when it is rounded to bfloat16.
    """
    bits = bits24(seed, stream, shape)
    first, second, third = bits >> 17, bits >> 11 & 63, bits >> 6 & 31
    return ((1 << 23 | first << 16 | 1 << 14 | second << 8 | 3 << 5 | third) * 2.0**-24).astype(np.float32)


def draw_leaning(geometry: Geometry, seed: int) -> Tensors:
    """Draw all tensors so that rounding the factors to 8 or 16 bits makes all products smaller: the errors add up."""
    x, w, b = (None if s is None else leaning(seed, stream, s) for stream, s in enumerate(shapes(geometry)))
    return (x, w, b)
