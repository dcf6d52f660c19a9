"""Data drawn from the streams with integer arithmetic and exact powers of two: no rounding, no libm."""

from collections.abc import Callable
from math import isqrt, prod

import numpy as np
from numpy.typing import NDArray

from golden.geometry import Geometry
from golden.streams import splitmix64, stream_seed

INPUT, FILTER, BIAS = range(3)
SECOND = 3  # stream SECOND + t is a second one for tensor t

Tensor = NDArray[np.float32]


def integer_bounds(products: int) -> tuple[int, int, int]:
    """Return the largest magnitude m of integer data for (input, filter, bias).

    m = min(127, isqrt(2^23 // K)) for input and filter, m * m for the bias: with K products to an element,
    K * m * m + m * m <= 2^24, so that every partial sum, in every order, is exact in float32.
    """
    m = min(127, isqrt(2**23 // max(products, 1)))
    return (m, m, m * m)


def bits24(seed: int, stream: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the upper 24 bits of a stream's outputs, in C order of `shape`."""
    return (splitmix64(stream_seed(seed, stream), prod(shape)) >> np.uint64(40)).astype(np.int64).reshape(shape)


def integers(seed: int, stream: int, shape: tuple[int, ...], bound: int) -> Tensor:
    """Return whole numbers in -bound ... bound: ((z >> 40) * (2 * bound + 1) >> 24) - bound."""
    return ((bits24(seed, stream, shape) * (2 * bound + 1) >> 24) - bound).astype(np.float32)


def reals(seed: int, stream: int, shape: tuple[int, ...]) -> Tensor:
    """Return reals in [-1, 1) on a grid of 2^-23: ((z >> 40) - 2^23) * 2^-23."""
    return ((bits24(seed, stream, shape) - 2**23) * 2.0**-23).astype(np.float32)


def shapes(geometry: Geometry) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...] | None]:
    """Return the shapes of input, filter and bias (None where there is none)."""
    return geometry.input, geometry.filter, (geometry.filter[3],) if geometry.bias else None


Tensors = tuple[Tensor, Tensor, Tensor | None]
Draw = Callable[[Geometry, int], Tensors]


def draw_integers(geometry: Geometry, seed: int) -> Tensors:
    """Draw the `integer` family: input, filter and bias of whole numbers within `integer_bounds`."""
    bounds = integer_bounds(geometry.products)
    drawn = [
        None if shape is None else integers(seed, stream, shape, bounds[stream])
        for stream, shape in enumerate(shapes(geometry))
    ]
    return (drawn[INPUT], drawn[FILTER], drawn[BIAS])


def draw_reals(geometry: Geometry, seed: int) -> Tensors:
    """Draw the `real` family: mixed signs, full mantissas."""
    drawn = [None if shape is None else reals(seed, stream, shape) for stream, shape in enumerate(shapes(geometry))]
    return (drawn[INPUT], drawn[FILTER], drawn[BIAS])


DRAWS: dict[str, Draw] = {"integer": draw_integers, "real": draw_reals}
