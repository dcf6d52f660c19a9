"""Sums in which NaN and infinities take part, as IEEE 754 adds and multiplies, whatever the order.

A term is an input under the filter times its weight, or the bias. Padding is no term: nothing is multiplied there.
A sum is

- NaN where a term is NaN (a factor is, or infinity is multiplied by zero), or terms are infinite with both signs;
- else the infinity that a term is;
- else the exact sum, rounded once to float64. It may lie beyond the largest float32.
"""

from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from golden.answers.reference import exact_sum, loop_over_taps
from golden.answers.rounding import Exact
from golden.drawing.families import Tensor, Tensors
from golden.problem.geometry import Geometry


@dataclass(frozen=True)
class SpecialSum:
    """Sums of terms that may not be finite: `other` is NaN or infinite where one is not, and 0 where `finite` holds."""

    finite: Exact
    other: NDArray[np.float64]

    def to_float64(self) -> NDArray[np.float64]:
        """Return the sums, rounded once."""
        return np.where(self.other == 0, self.finite.to_float64(), self.other)

    def to_float32_upwards(self) -> NDArray[np.float32]:
        """Return the least float32 values that are not below."""
        return np.where(self.other == 0, self.finite.to_float32_upwards(), self.other.astype(np.float32))


def sum_by_taps(tensors: Tensors, geometry: Geometry) -> SpecialSum:
    """Return the sums: the exact one with zeros for what is not finite, and counts of terms that are not.

    The number of terms of a kind is itself a convolution, of ones where the input and where the filter is of a kind.
    """
    image, weights, bias = tensors
    finite = [None if tensor is None else np.where(np.isfinite(tensor), tensor, np.float32(0)) for tensor in tensors]
    of_image, of_weights = Kinds.of(image), Kinds.of(weights)

    def pairs(first: NDArray, second: NDArray) -> NDArray[np.int64]:
        return loop_over_taps(first.astype(np.int64), second.astype(np.int64), None, geometry)

    def infinite(image_sign: int, weights_sign: int) -> NDArray[np.int64]:
        by_image = pairs(of_image.infinite[image_sign], of_weights.signed[weights_sign])
        return by_image + pairs(of_image.signed[image_sign] & np.isfinite(image), of_weights.infinite[weights_sign])

    nan = pairs(of_image.nan, of_weights.any) + pairs(of_image.any, of_weights.nan)
    nan += pairs(np.isinf(image), of_weights.zero) + pairs(of_image.zero, np.isinf(weights))
    plus, minus = infinite(1, 1) + infinite(-1, -1), infinite(1, -1) + infinite(-1, 1)
    if bias is not None:
        of_bias = Kinds.of(bias)
        nan, plus, minus = nan + of_bias.nan, plus + of_bias.infinite[1], minus + of_bias.infinite[-1]
    other = np.select(
        [(nan > 0) | ((plus > 0) & (minus > 0)), plus > 0, minus > 0], [np.nan, np.inf, -np.inf], default=0.0
    )
    return SpecialSum(exact_sum(*finite, geometry), other)


@dataclass(frozen=True)
class Kinds:
    """Where the elements of a tensor are of each kind; infinities and signs are keyed by 1 and -1."""

    any: NDArray[np.bool_]
    nan: NDArray[np.bool_]
    zero: NDArray[np.bool_]
    infinite: dict[int, NDArray[np.bool_]]
    signed: dict[int, NDArray[np.bool_]]

    @staticmethod
    def of(values: Tensor) -> "Kinds":
        """Return the kinds of a tensor's elements."""
        return Kinds(
            any=np.ones(values.shape, bool),
            nan=np.isnan(values),
            zero=values == 0,
            infinite={1: values == np.inf, -1: values == -np.inf},
            signed={1: values > 0, -1: values < 0},
        )


def sum_by_elements(tensors: Tensors, geometry: Geometry) -> NDArray[np.float64]:
    """Return the sums, an element at a time: float64 holds every product of two float32 numbers exactly."""
    output = np.zeros(geometry.output)
    for index in np.ndindex(geometry.output):
        terms = terms_of(tensors, geometry, index)
        infinite = terms[~np.isfinite(terms)]
        with np.errstate(invalid="ignore"):
            output[index] = infinite.sum() if infinite.size else fsum(terms)
    return output


def terms_of(tensors: Tensors, geometry: Geometry, index: tuple[int, ...]) -> NDArray[np.float64]:
    """Return what is summed into one element of the output: each input under the filter times its weight, the bias."""
    image, weights, bias = tensors
    products = products_of((image, weights), geometry, index)
    return products if bias is None else np.append(products, float(bias[index[3]]))


def products_of(factors: tuple[Tensor, Tensor], geometry: Geometry, index: tuple[int, ...]) -> NDArray[np.float64]:
    """Return each input under the filter times its weight, for one element of the output: exact in float64."""
    image, weights = factors
    n, i, j, o = index
    depth = geometry.filter[2]
    first = o // (geometry.filter[3] // geometry.groups) * depth
    rows, of_rows = taps_inside(geometry, 0, i)
    columns, of_columns = taps_inside(geometry, 1, j)
    under = image[n, rows, columns, first : first + depth].astype(np.float64)
    with np.errstate(invalid="ignore"):
        return (under * weights[of_rows, of_columns, :, o]).reshape(-1)


def taps_inside(geometry: Geometry, axis: int, place: int) -> tuple[slice, slice]:
    """Return what the kernel at a place of the output meets of the image along an axis, and the taps that meet it."""
    size, kernel = geometry.input[1 + axis], geometry.filter[axis]
    step = geometry.dilations[axis]
    start = place * geometry.strides[axis] - geometry.pads[2 * axis]
    first = max(0, -(start // step))  # the first tap that does not lie before the image
    behind = max(first, min(kernel, -((start - size) // step)))  # the first that lies behind it
    return slice(start + first * step, start + behind * step, step), slice(first, behind)
