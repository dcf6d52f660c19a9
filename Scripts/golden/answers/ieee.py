"""Sums in which NaN and infinities take part, as IEEE 754 adds and multiplies, whatever the order.

A term is the product of two factors that meet, as of an input under the filter and its weight, or the bias. Padding is
no term: nothing is multiplied there. A sum is

- NaN where a term is NaN (a factor is, or infinity is multiplied by zero), or terms are infinite with both signs;
- else the infinity that a term is;
- else the exact sum, rounded once to float64. It may lie beyond the largest number of its type.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import fsum

import numpy as np
from numpy.typing import NDArray

from golden.answers.elements import Index, bias_at, factors_at
from golden.answers.relation import scattered
from golden.answers.rounding import Exact
from golden.answers.sums import exact_answer
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FACTORS, FLOAT64, Kind


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


def sum_by_taps(kind: Kind, geometry: Geometry, operands: Operands) -> SpecialSum:
    """Return the sums: the exact one with zeros for what is not finite, and counts of terms that are not.

    The number of terms of a kind is itself an answer of the same operation, of ones where the factors are of a kind.
    """
    finite = {role: np.where(np.isfinite(values), values, values.dtype.type(0)) for role, values in operands.items()}
    factors = [operands[role] for role in FACTORS[kind.operation]]
    if len(factors) == 1:
        factors.append(np.ones_like(factors[0]))  # what is summed alone is multiplied by one
    first, second = factors
    of_first, of_second = Kinds.of(first), Kinds.of(second)

    def pairs(one: NDArray, other: NDArray) -> NDArray[np.int64]:
        roles = FACTORS[kind.operation]
        meeting = (one, other) if len(roles) == 2 else (one & other,)
        return scattered(
            kind, geometry, {role: values.astype(np.int64) for role, values in zip(roles, meeting, strict=True)}
        )

    def infinite(first_sign: int, second_sign: int) -> NDArray[np.int64]:
        by_first = pairs(of_first.infinite[first_sign], of_second.signed[second_sign])
        return by_first + pairs(of_first.signed[first_sign] & np.isfinite(first), of_second.infinite[second_sign])

    nan = pairs(of_first.nan, of_second.any) + pairs(of_first.any, of_second.nan)
    nan += pairs(np.isinf(first), of_second.zero) + pairs(of_first.zero, np.isinf(second))
    plus, minus = infinite(1, 1) + infinite(-1, -1), infinite(1, -1) + infinite(-1, 1)
    if BIAS in operands:
        of_bias = Kinds.of(operands[BIAS])
        nan, plus, minus = nan + of_bias.nan, plus + of_bias.infinite[1], minus + of_bias.infinite[-1]
    other = np.select(
        [(nan > 0) | ((plus > 0) & (minus > 0)), plus > 0, minus > 0], [np.nan, np.inf, -np.inf], default=0.0
    )
    return SpecialSum(exact_answer(kind, geometry, finite), other)


@dataclass(frozen=True)
class Kinds:
    """Where the elements of a tensor are of each kind; infinities and signs are keyed by 1 and -1."""

    any: NDArray[np.bool_]
    nan: NDArray[np.bool_]
    zero: NDArray[np.bool_]
    infinite: dict[int, NDArray[np.bool_]]
    signed: dict[int, NDArray[np.bool_]]

    @staticmethod
    def of(values: NDArray) -> "Kinds":
        """Return the kinds of a tensor's elements."""
        return Kinds(
            any=np.ones(values.shape, bool),
            nan=np.isnan(values),
            zero=values == 0,
            infinite={1: values == np.inf, -1: values == -np.inf},
            signed={1: values > 0, -1: values < 0},
        )


def sum_by_elements(kind: Kind, geometry: Geometry, operands: Operands) -> NDArray[np.float64]:
    """Return the sums, an element at a time, the terms of each looked up."""
    sums = np.empty(kind.answer(geometry))
    for index in np.ndindex(sums.shape):
        terms = terms_of(kind, geometry, operands, index)
        infinities = set(terms[np.isinf(terms)].tolist())
        if np.any(np.isnan(terms)) or len(infinities) > 1:
            sums[index] = np.nan
        elif infinities:
            sums[index] = infinities.pop()
        elif kind.output == FLOAT64:
            sums[index] = in_range(sum(map(Fraction, fractions_of(kind, geometry, operands, index))))
        else:
            sums[index] = fsum(terms)
    return sums


def terms_of(kind: Kind, geometry: Geometry, operands: Operands, index: Index) -> NDArray[np.float64]:
    """Return what is summed into one element of the answer: products, exact but for float64, and the bias."""
    products, bias = products_of(kind, geometry, operands, index), bias_at(operands, index)
    return products if bias is None else np.append(products, float(bias))


def products_of(kind: Kind, geometry: Geometry, operands: Operands, index: Index) -> NDArray[np.float64]:
    """Return the products that are summed into one element: exact in float64 where the factors are shorter.

    Of two finite float64 numbers the product stands for itself, finite, be it as large as it may.
    """
    first, second = (values.astype(np.float64) for values in factors_at(kind, geometry, operands, index))
    with np.errstate(invalid="ignore", over="ignore"):
        products = first * second
    if kind.output == FLOAT64:
        largest = np.finfo(np.float64).max
        overflowed = np.isfinite(first) & np.isfinite(second) & np.isinf(products)
        products = np.where(overflowed, np.copysign(largest, products), products)
    return products


def fractions_of(kind: Kind, geometry: Geometry, operands: Operands, index: Index) -> list[Fraction]:
    """Return the finite terms of an element as fractions."""
    first, second = factors_at(kind, geometry, operands, index)
    bias = bias_at(operands, index)
    products = [Fraction(a) * Fraction(b) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    return products if bias is None else [*products, Fraction(float(bias))]


def in_range(value: Fraction) -> float:
    """Return a fraction rounded once to float64: an infinity beyond its range."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf
