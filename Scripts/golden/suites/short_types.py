"""Cases of the 16-bit types alone: sums that two roundings change, and reported faults."""

import numpy as np

from golden.drawing.operands import Operands
from golden.problem.geometry import SAME_UPPER, Geometry
from golden.problem.kinds import (
    BFLOAT16,
    FILTER,
    FLOAT16,
    FORWARD,
    INPUT,
    INPUT_GRADIENT,
    OUTPUT,
    SIGNIFICAND,
    STORED,
    Kind,
)
from golden.problem.naming import INTEGER, REAL
from golden.suites.operand_cases import operand_case
from golden.suites.regression import conv
from golden.vectors.case import Case
from golden.vectors.degeneracy import KINDS

THIN = "the sums are what the case is about"


def rounded_twice(of_all: str) -> list[Case]:
    """List sums beside the middle between two numbers of a type, nearer to it than float32 tells apart.

    a + h + t, where a has p bits, h is half a unit in its last place, and t a quarter of float32's: rounded once the
    sum goes where t points, rounded to float32 first it is a tie, and goes to the even number.
    """
    bits = SIGNIFICAND[of_all]
    numbers = 1 + np.arange(1, 13) * 5 % 2 ** (bits - 1) * 2.0 ** (1 - bits)  # [1, 2), odd and even in the last place
    signs = np.where(np.arange(12) // 2 % 2, -1.0, 1.0)
    small = 2.0**-13
    pixels = np.stack([numbers, np.full(12, 2.0 ** (-bits // 2)), signs * small], axis=1)
    factors = np.array([1.0, 2.0 ** (-bits - -bits // 2), small])
    weights = np.stack([factors, -2 * factors, factors / 4, 8 * factors * [1, 1, -1]], axis=1)
    note = (
        "Rounded once, or to float32 first, sums differ in the last place, and both are within the tolerance; catches "
        "a third value."
    )
    allowed = dict.fromkeys(KINDS, THIN)
    kind = STORED[of_all]
    given: Operands = {
        INPUT: pixels.reshape(1, 3, 4, 3).astype(kind),
        FILTER: weights.reshape(1, 1, 3, 4).astype(kind),
    }
    of_input: Operands = {
        OUTPUT: pixels.reshape(1, 3, 4, 3).astype(kind),
        FILTER: weights.T.reshape(1, 1, 4, 3).astype(kind),
    }
    return [
        operand_case(
            Kind.floating(FORWARD, of_all),
            Geometry((1, 3, 4, 3), (1, 1, 3, 4)),
            REAL,
            "rounded-twice",
            note,
            tags=("rounded-twice",),
            given=given,
            allowed=allowed,
        ),
        operand_case(
            Kind.floating(INPUT_GRADIENT, of_all),
            Geometry((1, 3, 4, 4), (1, 1, 4, 3)),
            REAL,
            "rounded-twice",
            note,
            tags=("rounded-twice",),
            given=of_input,
            allowed=allowed,
        ),
    ]


def reported(of_all: str) -> list[Case]:
    """List the faults that were reported of a type."""
    kind = Kind.floating(FORWARD, of_all)
    if of_all == BFLOAT16:
        ones: Operands = {INPUT: np.ones((1, 2, 2, 1), np.float32), FILTER: np.ones((2, 2, 1, 1), np.float32)}
        small = [conv((2, 2, 1), 1, (2, 2)), conv((3, 4, 1), 2, (2, 2)), conv((2, 2, 2), 3, (2, 2), batch=2)]
        return [
            operand_case(
                kind,
                geometry,
                INTEGER,
                "pytorch-163347",
                "Catches a sum of which one product alone is left: 1 where ones give 4.",
                tags=("regression", "neighbour" if turn else "trigger"),
                allowed=dict.fromkeys(KINDS, "it is stored as it was reported") if not turn else {},
                given=None if turn else ones,
                source="pytorch#163347",
            )
            for turn, geometry in enumerate(small)
        ]
    grouped = (
        conv((8, 9, 8), 8, (3, 3), SAME_UPPER, groups=2),
        conv((7, 10, 12), 6, (3, 3), SAME_UPPER, groups=3),
        conv((6, 9, 4), 8, (3, 3), groups=4),
    )
    found = [
        operand_case(
            kind,
            geometry,
            data,
            "rocm-libraries-4998",
            "Catches Winograd's algorithm where it is chosen for more than one group, which it does not know.",
            tags=("regression", "trigger"),
            source="rocm-libraries#4998",
        )
        for geometry in grouped
        for data in (INTEGER, REAL)
    ]
    pixels = Geometry((1, 182, 181, 96), (1, 1, 96, 8))
    note = "Catches a count of pixels that does not fit 15 or 16 bits: 1x1, 96 channels, 32942 pixels."
    found.append(
        operand_case(
            kind, pixels, INTEGER, "cubek-519", note, is_digest=True, tags=("regression", "trigger"), source="cubek#519"
        )
    )
    return found


def short_cases(of_all: str) -> list[Case]:
    """List all of a 16-bit type."""
    if of_all not in (FLOAT16, BFLOAT16):
        raise ValueError(f"{of_all} is no type of 16 bits")
    return [*rounded_twice(of_all), *reported(of_all)]
