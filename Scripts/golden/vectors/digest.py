"""Digest cases: large ones of which seed, digests and a sample of the output are stored, and no tensor."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from golden.answers.reference import demand_equal, group_slices, padded
from golden.answers.rounding import Exact
from golden.drawing.families import SECOND, Tensor, Tensors, integer_bounds
from golden.drawing.operands import by_role
from golden.drawing.streams import splitmix64, stream_seed
from golden.problem.geometry import Geometry
from golden.problem.naming import INTEGER
from golden.vectors.case import Case
from golden.vectors.degeneracy import degeneracies
from golden.vectors.vector import Vector, members

SAMPLES = 64
SAMPLE_STREAM = 2 * SECOND  # behind those of the tensors
BLOCK = 2**22  # numbers gathered at once
GRID = {True: 0, False: 23}  # integer data are multiples of 1, real data of 2^-23
HALF = 2.0**12


def digest_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    if case.given or case.draw:
        raise ValueError("a digest case is drawn as its family is: nothing else follows from its seed")
    geometry = case.geometry
    tensors = case.tensors(seed)
    output, remainder = exact_output(tensors, geometry, GRID[case.data == INTEGER])
    found = degeneracies(case.kind, by_role(tensors), output)
    refused = [kind for kind in found if kind not in case.allowed]
    if refused:
        return None, "degenerate: " + ", ".join(refused)
    if rounds_twice_wrongly(output, remainder):
        return None, "rounding to float64 and then to float32 differs from rounding to float32"
    indices = sample_indices(geometry.output, seed)
    expected, magnitude = sample(tensors, geometry, GRID[case.data == INTEGER], indices)
    demand_equal(output[tuple(indices.T)], expected.to_float64(), "sample")
    datasets = {
        "sample_index": np.ravel_multi_index(tuple(indices.T), geometry.output).astype(np.int64),
        "sample_expected": expected.to_float64(),
        "sample_magnitude": magnitude.to_float32_upwards(),
    }
    stored = members(case, seed, tensors[2], found) | digests(case, tensors)
    stored["output_sha256"] = digest(output.astype(np.float32))
    return Vector(stored, datasets), ""


def digests(case: Case, tensors: Tensors) -> dict[str, object]:
    """Return the members that bound the drawn tensors, and those that prove them."""
    found: dict[str, object] = {}
    bounds = integer_bounds(case.geometry.products)
    for name, values, bound in zip(("input", "filter", "bias"), tensors, bounds, strict=True):
        if values is not None:
            found[f"{name}_sha256"] = digest(values)
            found |= {f"{name}_bound": np.int64(bound)} if case.data == INTEGER else {}
    return found


def digest(values: Tensor) -> str:
    """Return the SHA-256 of a tensor's bytes: float32, little endian, C order."""
    return sha256(np.ascontiguousarray(values, "<f4").data).hexdigest()


def exact_output(tensors: Tensors, geometry: Geometry, grid: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the output rounded once to float64, and what the rounding cut off.

    The tensors are multiples of 2^-grid. Real inputs are split into a high and a low part, so that each sum of products
    is exact in float64, whatever the order of summation: 2^12 * 2^23 * K units are below 2^52 for K < 2^17.
    """
    image, weights, bias = (None if values is None else np.ldexp(values.astype(np.float64), grid) for values in tensors)
    if geometry.products * HALF * 2.0**grid >= 2.0**52:
        raise ValueError(f"sums of {geometry.products} products are not exact")
    offset = 0.0 if bias is None else np.ldexp(bias, grid)
    if grid == 0:
        output = sums_of_products(image, weights, geometry) + offset
        return output + 0.0, np.zeros_like(output)  # -0 becomes 0
    high = np.floor(image / HALF)
    upper = sums_of_products(high, weights, geometry) * HALF
    lower = sums_of_products(image - high * HALF, weights, geometry) + offset
    total, remainder = two_sum(upper, lower)
    return np.ldexp(total, -2 * grid) + 0.0, np.ldexp(remainder, -2 * grid)


def two_sum(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Return the sum of two float64 and what its rounding lost, exactly (Knuth)."""
    total = first + second
    of_second = total - first
    return total, (first - (total - of_second)) + (second - of_second)


def sums_of_products(image: NDArray, weights: NDArray, geometry: Geometry) -> NDArray[np.float64]:
    """Return the convolution without bias, in float64: rows of gathered patches times the filter as a matrix."""
    batch, rows, columns, filters = geometry.output
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    # [batch, rows, columns, channels, kernel height, kernel width], a view.
    windows = sliding_window_view(padded(image, geometry), geometry.extent, axis=(1, 2))[:, ::sh, ::sw, :, ::dh, ::dw]
    kh, kw, depth, _ = geometry.filter
    output = np.empty((batch, rows, columns, filters))
    for part in blocks(batch, rows, columns * kh * kw * image.shape[3]):
        under = windows[part].transpose(0, 1, 2, 4, 5, 3)  # channels last
        if depth == 1 and geometry.groups > 1:
            multiplier = filters // geometry.groups
            output[part] = np.einsum("nijpqo,pqo->nijo", np.repeat(under, multiplier, axis=5), weights[:, :, 0])
            continue
        for channels, of_group in group_slices(geometry):
            table = under[..., channels].reshape(-1, kh * kw * depth)
            sums = table @ weights[..., of_group].reshape(kh * kw * depth, -1)
            output[(*part, slice(None), of_group)] = sums.reshape(*output[part].shape[:3], -1)
    return output


def blocks(batch: int, rows: int, row_size: int) -> Iterator[tuple[slice, slice]]:
    """Yield slices of images and of rows, of about BLOCK numbers each where a row has `row_size`."""
    of_rows = max(1, min(rows, BLOCK // row_size))
    of_images = max(1, BLOCK // (row_size * rows)) if of_rows == rows else 1
    for n, i in product(range(0, batch, of_images), range(0, rows, of_rows)):
        yield slice(n, n + of_images), slice(i, i + of_rows)


def rounds_twice_wrongly(once: NDArray[np.float64], remainder: NDArray[np.float64]) -> bool:
    """Return whether a value rounded to float64, of which `remainder` was cut off, is a tie between two float32."""
    nearest = once.astype(np.float32)
    neighbour = np.nextafter(nearest, np.where(once > nearest, np.float32(np.inf), np.float32(-np.inf)))
    halfway = (once != nearest) & (nearest.astype(np.float64) / 2 + neighbour.astype(np.float64) / 2 == once)
    return bool(np.any(halfway & (remainder != 0)))


def sample_indices(shape: tuple[int, ...], seed: int) -> NDArray[np.int64]:
    """Return up to SAMPLES indices into an answer: the corners of all axes, borders, and others."""
    corners = list(product(*({0, size - 1} for size in shape)))
    count = SAMPLES - len(corners)
    drawn = splitmix64(stream_seed(seed, SAMPLE_STREAM), len(shape) * count).reshape(count, len(shape))
    others = (drawn % np.array(shape, np.uint64)).astype(np.int64)
    for turn, index in enumerate(others[: count // 2]):
        axis = (1 + turn % 3) % len(shape)
        index[axis] = (0, shape[axis] - 1)[turn // 3 % 2]
    return np.unique(np.array([*corners, *others], np.int64), axis=0)


def sample(tensors: Tensors, geometry: Geometry, grid: int, indices: NDArray[np.int64]) -> tuple[Exact, Exact]:
    """Return the exact sums at some indices, and the sums of magnitudes: a plain loop over the taps, in integers.

    Products are below 2^46, and there are fewer than 2^17 of them (see `exact_output`): 64 bits hold each tap's sum.
    """
    image, weights, bias = tensors
    depth, filters_per_group = geometry.filter[2], geometry.filter[3] // geometry.groups
    n, i, j, o = indices.T
    channels = (o // filters_per_group * depth)[:, None] + np.arange(depth)
    offsets = np.zeros(len(o), np.int64) if bias is None else whole(bias[o], grid)
    sums = offsets.astype(object) * 2**grid
    magnitudes = np.abs(sums)
    for p, q in np.ndindex(geometry.filter[:2]):
        y = i * geometry.strides[0] + p * geometry.dilations[0] - geometry.pads[0]
        x = j * geometry.strides[1] + q * geometry.dilations[1] - geometry.pads[2]
        met = np.flatnonzero((y >= 0) & (y < geometry.input[1]) & (x >= 0) & (x < geometry.input[2]))
        under = image[n[met, None], y[met, None], x[met, None], channels[met]]
        products = whole(under, grid) * whole(weights[p, q, :, o[met]], grid)
        sums[met] += products.sum(axis=1)
        magnitudes[met] += np.abs(products).sum(axis=1)
    return Exact(sums, 2 * grid), Exact(magnitudes, 2 * grid)


def whole(values: Tensor, grid: int) -> NDArray[np.int64]:
    """Return values that are multiples of 2^-grid as whole numbers of it."""
    return (values.astype(np.float64) * 2.0**grid).astype(np.int64)
