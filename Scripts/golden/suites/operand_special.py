"""Special values in any operation and floating type: NaN, infinities, signed zeros, subnormals, the range's end.

No case depends on what the specification leaves open: of a gradient's inserted zeros, only weights that are not finite
show anything, and where there are some, both answers are stored. An input is not finite only where no pad and no
stride could bring an inserted zero to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from golden.answers.alternatives import (
    INTERMEDIATE_OVERFLOW,
    OVERFLOW_THRESHOLD,
    PADDING_TIMES_INFINITY,
    SUBNORMAL_FLUSH,
    Alternative,
    largest_of,
)
from golden.drawing.operands import Operands, draw_integer_operands
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.problem.kinds import (
    BIAS,
    BIAS_GRADIENT,
    FILTER,
    FILTER_GRADIENT,
    FLOAT16,
    FLOAT64,
    FORWARD,
    INPUT,
    INPUT_GRADIENT,
    LARGEST_EXPONENT,
    LEAST_EXPONENT,
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


def forward(of_all: str) -> list[OperandSpecial]:
    """List what forward convolutions meet."""
    plain = Geometry((1, 6, 7, 3), (2, 3, 3, 4))
    same = Geometry((2, 5, 6, 5), (3, 2, 5, 3), (2, 1), padding=SAME_UPPER, bias=True)
    grouped = Geometry((1, 5, 6, 4), (2, 3, 2, 6), (1, 2), (2, 1), SAME_LOWER, groups=2)
    padded = Geometry((1, 5, 6, 2), (2, 3, 2, 4), padding=EXPLICIT, explicit_pads=(1, 0, 2, 3))
    over = "Either padding contributes nothing, or it is a zero that {} makes NaN; catches anything else."
    return [
        OperandSpecial(
            "nan-first",
            FORWARD,
            plain,
            "Catches a NaN that is lost, or spreads beyond the windows that see it: the first element.",
            ("nan",),
            {INPUT: {(0, 0, 0, 0): nan}},
        ),
        OperandSpecial(
            "nan-last-channel",
            FORWARD,
            same,
            "Catches a NaN that is lost in the last of 5 channels, or spreads to its neighbours.",
            ("nan", "tail"),
            {INPUT: {(1, 2, 3, -1): nan}},
        ),
        OperandSpecial(
            "nan-in-group",
            FORWARD,
            grouped,
            "Catches a NaN that leaves its group.",
            ("nan",),
            {INPUT: {(0, 2, 2, 3): nan}},
        ),
        OperandSpecial(
            "nan-in-filter",
            FORWARD,
            plain,
            "Catches a NaN that leaves its filter.",
            ("nan",),
            {FILTER: {(1, 2, 2, 3): nan}},
        ),
        OperandSpecial(
            "nan-in-bias",
            FORWARD,
            same,
            "Catches a NaN in the bias that is lost, or leaves its filter.",
            ("nan",),
            {BIAS: {(1,): nan}},
        ),
        OperandSpecial(
            "inf-in-input",
            FORWARD,
            same,
            "Catches an infinity that becomes the largest number, NaN, or loses its sign.",
            ("infinity",),
            {INPUT: {(0, 2, 3, 4): -inf}},
        ),
        OperandSpecial(
            "inf-in-filter",
            FORWARD,
            plain,
            "Catches an infinite weight that leaves its filter, or becomes the largest number.",
            ("infinity",),
            {FILTER: {(0, 1, 2, 1): inf}},
        ),
        OperandSpecial(
            "inf-minus-inf",
            FORWARD,
            plain,
            "Catches infinities of both signs that cancel to a number.",
            ("infinity", "nan"),
            {INPUT: {(0, 2, 3, 0): inf, (0, 2, 4, 2): -inf}},
        ),
        OperandSpecial(
            "inf-times-zero",
            FORWARD,
            plain,
            "Catches weights of zero that are skipped: zero times infinity is NaN.",
            ("infinity", "nan", "negative-zero"),
            {INPUT: {(0, 3, 3, 1): inf}, FILTER: {(0, 1, 1, 2): 0.0, (1, 0, 1, 0): -0.0}},
        ),
        OperandSpecial(
            "inf-in-bias",
            FORWARD,
            same,
            "Catches a bias that is not added where it is infinite.",
            ("infinity",),
            {BIAS: {(2,): -inf}},
        ),
        OperandSpecial(
            "inf-weight-over-pads",
            FORWARD,
            padded,
            over.format("an infinite weight"),
            ("infinity", "padding-times-infinity"),
            {FILTER: {(0, 2, 1, 3): inf}},
            alternative=PADDING_TIMES_INFINITY,
        ),
        OperandSpecial(
            "negative-zero",
            FORWARD,
            plain,
            "Catches a -0 that is taken for its bits.",
            ("negative-zero",),
            {INPUT: {(0, Span(2, 4)): -0.0}},
            thin="the case is about zeros",
        ),
        *subnormals(of_all),
        *ends(of_all),
    ]


def subnormals(of_all: str) -> list[OperandSpecial]:
    """List data that is subnormal in its type: kept exactly, or taken for zero, in some steps or in all."""
    unit = 2.0 ** (LEAST_EXPONENT[of_all] + 1 - SIGNIFICAND[of_all])
    note = "Subnormal numbers are kept, and exactly, or taken for zero; catches anything else: {}."
    plain = Geometry((1, 5, 6, 2), (3, 2, 2, 3))
    # Two products to a sum: then every order of summation, with every sum kept or flushed, gives one of a few answers.
    thin, thin_gradient = Geometry((1, 5, 6, 1), (2, 1, 1, 5)), Geometry((1, 5, 6, 3), (1, 2, 3, 1))
    return [
        OperandSpecial(
            "subnormal-input",
            FORWARD,
            thin,
            note.format("all inputs are"),
            ("subnormal",),
            scales={INPUT: unit},
            alternative=SUBNORMAL_FLUSH,
        ),
        OperandSpecial(
            "subnormal-weights",
            FORWARD,
            thin,
            note.format("all weights are"),
            ("subnormal",),
            scales={FILTER: unit},
            alternative=SUBNORMAL_FLUSH,
        ),
        OperandSpecial(
            "subnormal-input-normal-output",
            FORWARD,
            plain,
            note.format("all inputs are, but no product"),
            ("subnormal",),
            scales={INPUT: unit, FILTER: 2.0 ** SIGNIFICAND[of_all]},
            alternative=SUBNORMAL_FLUSH,
        ),
        OperandSpecial(
            "subnormal-gradient",
            INPUT_GRADIENT,
            thin_gradient,
            note.format("all of the output's gradient is"),
            ("subnormal",),
            scales={OUTPUT: unit},
            alternative=SUBNORMAL_FLUSH,
        ),
        OperandSpecial(
            "smallest-normal",
            FORWARD,
            plain,
            "Catches flushing that begins too early: every product is a multiple of the smallest normal number.",
            ("small",),
            scales={INPUT: 2.0 ** (LEAST_EXPONENT[of_all] // 2), FILTER: 2.0 ** (LEAST_EXPONENT[of_all] // 2)},
        ),
    ]


def ends(of_all: str) -> list[OperandSpecial]:
    """List numbers around the largest of a type, and sums beyond it."""
    exponent, largest = LARGEST_EXPONENT[of_all], largest_of(of_all)
    one = Geometry((1, 4, 6, 3), (1, 1, 3, 3))
    found = [
        OperandSpecial(
            "largest",
            FORWARD,
            Geometry((1, 4, 5, 1), (1, 1, 1, 3)),
            "Catches a largest number that does not survive multiplication by 1/2, by -1/2 or by 2^-8.",
            ("large",),
            {
                INPUT: {(0, 1, 2, 0): largest, (0, 3, 4, 0): -largest},
                FILTER: {(0, 0, 0, 0): 0.5, (0, 0, 0, 1): -0.5, (0, 0, 0, 2): 2.0**-8},
            },
        ),
        OperandSpecial(
            "overflow-of-one-product",
            FORWARD,
            Geometry((1, 5, 7, 2), (2, 3, 2, 3), padding=EXPLICIT, explicit_pads=(1, 0, 2, 1)),
            "Catches saturation at the largest number, and an overflow that becomes NaN.",
            ("overflow",),
            {INPUT: {(0, 2, 3, 1): 2.0**exponent}, FILTER: {(0, Span(), 1, 0): 4.0}},
        ),
    ]
    if of_all == FLOAT64:
        return found
    # A + B overflows, the sum of all three does not; all partial sums in range are exact in the type.
    a, b, c = 1.25 * 2.0**exponent, 1.5 * 2.0**exponent, -1.75 * 2.0**exponent
    weights = {
        (0, 0, channel, filters): sign * weight
        for channel, weight in enumerate((1, 2, 4))
        for filters, sign in enumerate((1, -1, 2.0**-4))
    }
    return [
        *found,
        OperandSpecial(
            "intermediate-overflow",
            FORWARD,
            one,
            "Either nothing overflows on the way, or a partial sum does, to an infinity of that sign; catches a NaN.",
            ("overflow", "intermediate-overflow"),
            {INPUT: {(0, 1, 2, 0): a, (0, 1, 2, 1): b / 2, (0, 1, 2, 2): c / 4}, FILTER: weights},
            alternative=INTERMEDIATE_OVERFLOW,
        ),
        boundary(of_all, FORWARD),
        *([threshold(of_all)] if of_all == FLOAT16 else []),
    ]


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
        "signs, and beside the largest number itself.",
        ("overflow", "overflow-boundary"),
        {
            INPUT if forwards else OUTPUT: {
                (0, Span(), Span(), 1): 2.0 ** (exponent // 2) / 64,
                (0, 1, 1): (largest / 2, half / 2),
                (0, 1, 3): (largest / 2, half / 2 * 127 / 128),
                (0, 2, 2): (-largest / 2, -half / 2 * 127 / 128),
                (0, 3, 0): (-largest / 2, -half / 2),
                (0, 3, 4): (largest / 2, 0.0),
            },
            FILTER: {(0, 0): taps if forwards else tuple(zip(*taps, strict=True))},
        },
        thin="the sums at the range's end are what the case is about",
    )


def threshold(of_all: str) -> OperandSpecial:
    """Return sums of float16 that stay in range, but not where they are rounded to float32 first.

    65504 + 127/32 * 129/32 is 65520 - 2^-10, nearer to 65520 than to the float32 number below.
    """
    largest = largest_of(of_all)
    return OperandSpecial(
        "overflow-threshold",
        FORWARD,
        Geometry((1, 4, 5, 2), (1, 1, 2, 3)),
        "Either the sum is rounded once, to 65504, or to float32 first, to 65520, and then to infinity; catches "
        "anything else, as a NaN.",
        ("overflow", "overflow-threshold"),
        {
            INPUT: {(0, 1, 2): (largest / 2, 127 / 32), (0, 3, 1): (-largest / 2, -127 / 32)},
            FILTER: {(0, 0): ((2.0, 1.0, -2.0), (129 / 32, 3.0, -129 / 32))},
        },
        alternative=OVERFLOW_THRESHOLD,
    )


def gradients() -> list[OperandSpecial]:
    """List what gradients meet."""
    plain = Geometry((2, 6, 7, 3), (2, 3, 3, 5))
    strided = Geometry((1, 7, 9, 2), (2, 3, 2, 4), (2, 2), padding=SAME_UPPER, bias=True)
    grouped = Geometry((1, 5, 6, 4), (3, 2, 2, 6), groups=2)
    whole = Geometry((2, 5, 6, 3), (2, 3, 3, 4))
    of_input, of_filter = ("nan", "infinity"), "Catches {} that leaves its filter and tap, or is lost: {}."
    leaves = "Catches {} that leaves the windows in which it lies, or is lost: {}."
    return [
        OperandSpecial(
            "nan-in-gradient",
            INPUT_GRADIENT,
            plain,
            leaves.format("a NaN", "in the first place of the output's gradient"),
            ("nan",),
            {OUTPUT: {(0, 0, 0, 0): nan}},
        ),
        OperandSpecial(
            "nan-in-gradient",
            INPUT_GRADIENT,
            strided,
            leaves.format("a NaN", "with a stride, in the last of 4 filters"),
            ("nan",),
            {OUTPUT: {(0, 2, 3, -1): nan}},
        ),
        OperandSpecial(
            "nan-in-group",
            INPUT_GRADIENT,
            grouped,
            "Catches a NaN that leaves its group.",
            ("nan",),
            {OUTPUT: {(0, 1, 2, 4): nan}},
        ),
        OperandSpecial(
            "inf-in-gradient",
            INPUT_GRADIENT,
            strided,
            leaves.format("an infinity", "with a stride and a bias"),
            ("infinity",),
            {OUTPUT: {(0, 1, 2, 2): -inf}},
        ),
        OperandSpecial(
            "inf-minus-inf",
            INPUT_GRADIENT,
            plain,
            "Catches infinities of both signs that cancel to a number, where two windows overlap.",
            of_input,
            {OUTPUT: {(1, 2, 2, 1): inf, (1, 2, 3, 3): -inf}},
        ),
        OperandSpecial(
            "inf-times-zero",
            INPUT_GRADIENT,
            plain,
            "Catches weights of zero that are skipped: zero times infinity is NaN.",
            of_input,
            {OUTPUT: {(0, 2, 2, 4): inf}, FILTER: {(1, 1, 2, 4): 0.0}},
        ),
        OperandSpecial(
            "inf-in-bias",
            INPUT_GRADIENT,
            strided,
            "Catches a bias that is not added where it is infinite, one to each channel.",
            ("infinity",),
            {BIAS: {(1,): inf}},
        ),
        OperandSpecial(
            "inf-weight",
            INPUT_GRADIENT,
            whole,
            "Either what lies around the output's gradient contributes nothing, or it is a zero that an infinite "
            "weight makes NaN; catches anything else.",
            ("infinity", "padding-times-infinity"),
            {FILTER: {(0, 2, 1, 3): inf}},
            alternative=PADDING_TIMES_INFINITY,
        ),
        OperandSpecial(
            "nan-in-gradient",
            FILTER_GRADIENT,
            whole,
            of_filter.format("a NaN", "in the last filter of the output's gradient"),
            ("nan",),
            {OUTPUT: {(1, 3, 3, -1): nan}},
        ),
        OperandSpecial(
            "nan-in-input",
            FILTER_GRADIENT,
            whole,
            of_filter.format("a NaN", "at the input's corner, which one tap alone sees"),
            ("nan",),
            {INPUT: {(0, 0, 0, 1): nan}},
        ),
        OperandSpecial(
            "inf-in-last-image",
            FILTER_GRADIENT,
            whole,
            of_filter.format("an infinity", "in the last image of the batch"),
            ("infinity",),
            {OUTPUT: {(-1, -1, -1, 0): -inf}},
        ),
        OperandSpecial(
            "inf-minus-inf",
            FILTER_GRADIENT,
            grouped,
            "Catches infinities of both signs that cancel to a number, in two places of one image.",
            of_input,
            {OUTPUT: {(0, 0, 1, 5): inf, (0, 2, 3, 5): -inf}},
        ),
        OperandSpecial(
            "nan-in-gradient",
            BIAS_GRADIENT,
            plain,
            "Catches a NaN that is lost, or leaves its filter.",
            ("nan",),
            {OUTPUT: {(1, 4, 4, 2): nan}},
        ),
        OperandSpecial(
            "inf-in-gradient",
            BIAS_GRADIENT,
            plain,
            "Catches an infinity that is lost, becomes NaN or leaves its filter, and two that cancel.",
            of_input,
            {OUTPUT: {(0, 0, 0, 0): inf, (1, 2, 2, 3): inf, (0, 2, 2, 3): -inf}},
        ),
    ]


def special_cases(of_all: str, operations: str = "all") -> list[Case]:
    """List the cases of a floating type; of the gradients alone in float32, whose forward ones are another suite."""
    problems = [*gradients()] if operations == "gradients" else [*forward(of_all), *gradients()]
    if of_all != FLOAT64:  # whose exact sums there no float64 can tell
        problems.append(boundary(of_all, INPUT_GRADIENT))
    return [problem.case(of_all) for problem in problems]
