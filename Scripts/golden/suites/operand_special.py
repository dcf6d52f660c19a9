"""One problem of special values in any operation and floating type: small whole numbers, and a few that are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from golden.answers.alternatives import (
    Alternative,
    largest_of,
)
from golden.drawing.operands import Operands, draw_integer_operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import (
    FILTER,
    FORWARD,
    INPUT,
    LARGEST_EXPONENT,
    OUTPUT,
    SIGNIFICAND,
    Kind,
)
from golden.problem.naming import SPECIAL
from golden.suites.operand_cases import operand_case
from golden.suites.special_problem import Places, Span
from golden.vectors.case import Case
from golden.vectors.degeneracy import KINDS


@dataclass(frozen=True)
class OperandSpecial:
    """One problem: a slug for its name, operation, geometry, what it catches, and what is put where, by role.

    The base data is `integer`, with 1 for 0, each operand multiplied by its scale, a power of two. `thin` says why the
    data may be degenerate, where it may.
    """

    slug: str
    operation: str
    geometry: Geometry
    note: str
    tags: tuple[str, ...]
    places: Mapping[str, Places] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    thin: str = ""
    alternative: Alternative | None = None
    source: str = ""

    def case(self, of_all: str) -> Case:
        """Return the case in a floating type."""
        return operand_case(
            Kind.floating(self.operation, of_all),
            self.geometry,
            SPECIAL,
            self.slug,
            self.note,
            tags=("special", *self.tags, *(("choice",) if self.alternative else ())),
            allowed=dict.fromkeys(KINDS, self.thin) if self.thin else {},
            draw=self.draw,
            check=check_mostly_finite,
            alternative=self.alternative,
            source=self.source,
        )

    def draw(self, geometry: Geometry, kind: Kind, seed: int) -> Operands:
        """Draw the base, scale it, and put the special values into it."""
        drawn = {}
        for role, values in draw_integer_operands(geometry, kind, seed).items():
            values = np.where(values == 0, values.dtype.type(1), values)
            values = (values.astype(np.float64) * self.scales.get(role, 1)).astype(values.dtype)
            for index, value in self.places.get(role, {}).items():
                values[tuple(slice(i.start, i.stop, i.step) if isinstance(i, Span) else i for i in index)] = value
            drawn[role] = values
        return drawn


def check_mostly_finite(_: Operands, expected: NDArray) -> None:
    """Raise ValueError unless most of the answer is finite."""
    finite = np.count_nonzero(np.isfinite(expected))
    if 2 * finite < expected.size:
        raise ValueError(f"only {finite} of {expected.size} answers are finite")


def boundary(of_all: str, operation: str) -> OperandSpecial:
    """Return sums at the largest number of a type, and just below, and at, half a unit beyond: one of two 1x1 taps."""
    exponent, largest = LARGEST_EXPONENT[of_all], largest_of(of_all)
    half = 2.0 ** (exponent - SIGNIFICAND[of_all])  # half a unit in the last place of the largest number
    forwards = operation == FORWARD
    taps = ((2.0, 1.0, -2.0, 2.0), (2.0, 0.5, -2.0, 0.0))
    return OperandSpecial(
        "overflow-boundary",
        operation,
        Geometry((1, 4, 5, 2), (1, 1, 2, 4)) if forwards else Geometry((1, 4, 5, 4), (1, 1, 4, 2)),
        "Catches sums just below half a unit beyond the largest number that overflow, and at it that do not: of both "
        "signs, beside the largest number itself, and far beyond it.",
        ("overflow", "overflow-boundary"),
        {
            INPUT if forwards else OUTPUT: {
                (0, Span(), Span(), 1): 2.0 ** (exponent // 2) / 64,
                (0, 1, 1): (largest / 2, half / 2),
                (0, 1, 3): (largest / 2, half / 2 * 127 / 128),
                (0, 2, 2): (-largest / 2, -half / 2 * 127 / 128),
                (0, 3, 0): (-largest / 2, -half / 2),
                (0, 3, 4): (largest / 2, 0.0),
                (0, 2, 4): (largest / 2, largest / 4),
            },
            FILTER: {(0, 0): taps if forwards else tuple(zip(*taps, strict=True))},
        },
        thin="the sums at the range's end are what the case is about",
    )
