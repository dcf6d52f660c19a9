"""Exact values as whole numbers, and their one rounding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.drawing.families import Tensor
from golden.problem.kinds import FLOAT64, LARGEST_EXPONENT, LEAST_EXPONENT, SIGNIFICAND


def to_whole(values: Tensor) -> tuple[NDArray, int]:
    """Return (whole, scale) with values = whole * 2^-scale: Python's integers, and the least scale >= 0."""
    fraction, exponent = np.frexp(values.astype(np.float64))
    significand = (fraction * 2.0**53).astype(np.int64)
    lowest_bit = np.frexp((significand & -significand).astype(np.float64))[1] - 1
    scale = int(np.max(53 - exponent - lowest_bit, where=significand != 0, initial=0))
    if int(np.max(exponent, where=significand != 0, initial=0)) + scale < 63:  # numpy's own shift, and no call for each
        return np.ldexp(fraction, exponent + scale).astype(np.int64).astype(object), scale
    return np.frompyfunc(shifted, 2, 1)(significand, exponent - 53 + scale), scale


def shifted(significand: int, places: int) -> int:
    """Return significand * 2^places, which is a whole number."""
    return int(significand) << int(places) if places >= 0 else int(significand) >> -int(places)


@dataclass(frozen=True)
class Exact:
    """Exact values: whole * 2^-scale."""

    whole: NDArray
    scale: int

    def to_float64(self) -> NDArray[np.float64]:
        """Return the values rounded once, to nearest even (as Python's division of integers does)."""
        try:
            return (self.whole.astype(object) / 2**self.scale).astype(np.float64)
        except OverflowError:  # some lie beyond float64's range
            return np.frompyfunc(quotient, 2, 1)(self.whole.astype(object), 2**self.scale).astype(np.float64)

    def to_float32_upwards(self) -> NDArray[np.float32]:
        """Return the least float32 values that are not below."""
        nearest = self.to_float64().astype(np.float32)
        return np.where(self.exceeds(nearest), np.nextafter(nearest, np.float32(np.inf)), nearest)

    def exceeds(self, bound: NDArray) -> NDArray[np.bool_]:
        """Return where the values are greater than `bound`, compared exactly."""
        return (self.whole.astype(object) > self.units(bound)).astype(bool)

    def differs(self, other: NDArray) -> NDArray[np.bool_]:
        """Return where the values are not equal to `other`, compared exactly."""
        return (self.whole.astype(object) != self.units(other)).astype(bool)

    def units(self, values: NDArray) -> NDArray:
        """Return floats as Python's floats in units of 2^-scale: Python compares them with integers exactly."""
        return np.ldexp(values.astype(np.float64), self.scale).astype(object)

    def rounds_twice_wrongly(self) -> bool:
        """Return whether rounding to float64 and then to float32 can differ from rounding to float32 at once.

        It can where the float64 lies halfway between two float32 values, and the exact value beside it.
        """
        once = self.to_float64()
        nearest = once.astype(np.float32)
        away = np.where(once > nearest, np.float32(np.inf), np.float32(-np.inf))
        neighbour = np.nextafter(nearest, away)
        halfway = (once != nearest) & (nearest.astype(np.float64) / 2 + neighbour.astype(np.float64) / 2 == once)
        return bool(np.any(halfway & self.differs(once)))


def quotient(dividend: int, divisor: int) -> float:
    """Return a quotient of whole numbers rounded once: an infinity where it lies beyond float64's range."""
    try:
        return dividend / divisor
    except OverflowError:
        return np.inf if dividend > 0 else -np.inf


def quantum(values: NDArray, kind: str) -> NDArray[np.int64]:
    """Return the exponent of the unit in the last place of a floating type at each value; of its least number at 0."""
    exponent = np.frexp(values.astype(np.float64))[1]  # values = fraction * 2^exponent, 1/2 <= |fraction| < 1
    least = LEAST_EXPONENT[kind] + 1 - SIGNIFICAND[kind]
    return np.where(values == 0, least, np.maximum(exponent - SIGNIFICAND[kind], least))


def is_exact_in(values: NDArray, kind: str) -> NDArray[np.bool_]:
    """Return which numbers a floating type has; NaN and infinities are among them."""
    finite = np.isfinite(values)
    numbers = np.where(finite, values, 0).astype(np.float64)
    units = units_of(numbers, kind)
    beyond = np.abs(numbers) >= 2.0 ** LARGEST_EXPONENT[kind] * 2 if kind != FLOAT64 else False
    return ~finite | ((units == np.rint(units)) & ~beyond)


def units_of(values: NDArray, kind: str) -> NDArray[np.float64]:
    """Return values in units of a type's last place."""
    exponent = -quantum(values, kind)
    half = exponent // 2  # 2^1074 alone is beyond float64
    return np.ldexp(np.ldexp(values, half), exponent - half)


def rounds_twice_wrongly(exact: Exact, kind: str) -> bool:
    """Return whether rounding to float64 and then to a floating type can differ from rounding to that type at once.

    It can where the float64 lies halfway between two numbers of the type, and the exact value beside it.
    """
    if kind == FLOAT64:
        return False
    once = exact.to_float64()
    units = units_of(once, kind)
    halfway = units - np.floor(units) == 0.5
    return bool(np.any(halfway & exact.differs(once)))
