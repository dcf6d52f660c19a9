"""Special values in forward convolutions of any floating type: what is not finite, subnormals, the range's end."""

from math import inf, nan

from golden.answers.alternatives import (
    INTERMEDIATE_OVERFLOW,
    OVERFLOW_THRESHOLD,
    PADDING_TIMES_INFINITY,
    SUBNORMAL_FLUSH,
    largest_of,
)
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.problem.kinds import (
    BIAS,
    FILTER,
    FLOAT16,
    FLOAT64,
    FORWARD,
    INPUT,
    INPUT_GRADIENT,
    LARGEST_EXPONENT,
    LEAST_EXPONENT,
    OUTPUT,
    SIGNIFICAND,
)
from golden.suites.operand_special import OperandSpecial, boundary
from golden.suites.special_problem import Span


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
            Geometry((1, 4, 5, 1), (1, 1, 1, 4)),
            "Catches a largest number that does not survive multiplication by 1/2, by -1/2, by 2^-8 or by 1.",
            ("large",),
            {
                INPUT: {(0, 1, 2, 0): largest, (0, 3, 4, 0): -largest},
                FILTER: {(0, 0, 0, 0): 0.5, (0, 0, 0, 1): -0.5, (0, 0, 0, 2): 2.0**-8, (0, 0, 0, 3): 1.0},
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
