"""Data drawn from the streams with integer arithmetic and exact powers of two: no rounding, no libm."""

from collections.abc import Callable
from math import isqrt, prod

import numpy as np
from numpy.typing import NDArray

from golden.drawing.streams import splitmix64, stream_seed
from golden.problem.geometry import Geometry

INPUT, FILTER, BIAS = range(3)
BLOCK = 2**16  # elements drawn at once: what fits into a cache
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
    return drawn(seed, stream, shape, lambda bits: (bits * (2 * bound + 1) >> 24) - bound)


def reals(seed: int, stream: int, shape: tuple[int, ...]) -> Tensor:
    """Return reals in [-1, 1) on a grid of 2^-23: ((z >> 40) - 2^23) * 2^-23."""
    return drawn(seed, stream, shape, lambda bits: (bits - 2**23) * 2.0**-23)


def drawn(seed: int, stream: int, shape: tuple[int, ...], rule: Callable[[NDArray[np.int64]], NDArray]) -> Tensor:
    """Return a tensor whose elements a rule makes from the upper 24 bits of a stream's outputs, a block at a time."""
    elements = np.empty(prod(shape), np.float32)
    of_stream = stream_seed(seed, stream)
    for first in range(0, elements.size, BLOCK):
        outputs = splitmix64(of_stream, min(BLOCK, elements.size - first), first)
        elements[first : first + BLOCK] = rule((outputs >> np.uint64(40)).astype(np.int64))
    return elements.reshape(shape)


def shapes(geometry: Geometry) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...] | None]:
    """Return the shapes of input, filter and bias (None where there is none)."""
    return geometry.input, geometry.filter, (geometry.filter[3],) if geometry.bias else None


Tensors = tuple[Tensor, Tensor, Tensor | None]
Draw = Callable[[Geometry, int], Tensors]


def draw_integers(geometry: Geometry, seed: int) -> Tensors:
    """Draw the `integer` family: input, filter and bias of whole numbers within `integer_bounds`."""
    bounds = integer_bounds(geometry.products)
    tensors = [
        None if shape is None else integers(seed, stream, shape, bounds[stream])
        for stream, shape in enumerate(shapes(geometry))
    ]
    return (tensors[INPUT], tensors[FILTER], tensors[BIAS])


def draw_reals(geometry: Geometry, seed: int) -> Tensors:
    """Draw the `real` family: mixed signs, full mantissas."""
    tensors = [None if shape is None else reals(seed, stream, shape) for stream, shape in enumerate(shapes(geometry))]
    return (tensors[INPUT], tensors[FILTER], tensors[BIAS])


DRAWS: dict[str, Draw] = {"integer": draw_integers, "real": draw_reals}
