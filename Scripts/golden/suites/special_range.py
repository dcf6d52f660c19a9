"""The ends of float32's range, for the suite `special`: signed zeros, subnormals, the largest numbers, overflow."""

from golden.answers.alternatives import INTERMEDIATE_OVERFLOW, SUBNORMAL_FLUSH, largest_of
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.problem.kinds import FLOAT32
from golden.suites.special_problem import ALL, Span, Special

LARGEST = largest_of(FLOAT32)
UNIT = 2.0**-149  # the smallest subnormal
A, B, C = 1.25 * 2.0**127, 1.5 * 2.0**127, -1.75 * 2.0**127  # A + B overflows, the sum of all three does not


def problems() -> list[Special]:
    """List all of them."""
    return [*zeros(), *subnormals(), *large(), *overflows()]


def zeros() -> list[Special]:
    """List zeros with a sign: what they give equals zero, and no sign is asked for."""
    thin = "the case is about zeros"
    tags = ("negative-zero",)
    return [
        Special(
            "negative-zero-input",
            Geometry((1, 5, 6, 2), (2, 3, 2, 3)),
            "Catches a -0 that is taken for its bits, the most negative integer: in one row of windows all is -0.",
            tags,
            {(0, Span(1, 3)): -0.0},
        ),
        Special(
            "negative-zero-image",
            Geometry((2, 4, 5, 2), (3, 2, 2, 3), padding=SAME_UPPER),
            "Catches a -0 that is taken for its bits: one of two images is -0, and its output 0 of either sign.",
            tags,
            {(1,): -0.0},
            thin=thin,
        ),
        Special(
            "negative-zero-weights",
            Geometry((1, 4, 5, 3), (2, 2, 3, 4), bias=True),
            "Catches a filter of -0 that leaves a trace, and a bias of -0 that is not 0.",
            tags,
            filter={(ALL, ALL, ALL, 1): -0.0, (0, 0, 0, 3): -0.0},
            bias={(1,): -0.0, (2,): -0.0},
            thin=thin,
        ),
    ]


def subnormals() -> list[Special]:
    """List data whose every factor, or every product and sum, is subnormal: kept exactly, or taken for zero.

    Where factors are normal and products are not, a filter has one or two taps: then every order of summation, with
    every sum on the way kept or flushed, gives one of a few answers.
    """
    note = (
        "Subnormal numbers are kept, and exactly, or taken for zero, in every tensor and step or in some: catches "
        "anything else, and tells which. {}."
    )
    tags, choice = ("subnormal",), SUBNORMAL_FLUSH
    plain = Geometry((1, 5, 6, 2), (3, 2, 2, 3))
    same = Geometry((1, 5, 7, 2), (2, 3, 2, 4), padding=SAME_UPPER)
    biased = Geometry((2, 4, 5, 1), (2, 3, 1, 3), (1, 2), padding=SAME_LOWER, bias=True)
    one = Geometry((1, 4, 5, 1), (1, 1, 1, 6))
    products = (2.0**-70, 2.0**-79, UNIT)
    of_weights = products[1]
    two_taps = {(ALL,): 0} | {
        tap: value * of_weights
        for tap, value in {
            (0, 1, 0, 0): 93,
            (2, 0, 1, 0): -71,
            (1, 0, 0, 1): -113,
            (2, 1, 1, 1): 58,
            (0, 0, 1, 2): 101,
            (1, 1, 0, 2): 127,
        }.items()
    }
    one_tap = {(ALL,): 0, (0, 0, 0, 0): 97 * of_weights, (1, 2, 0, 1): -83 * of_weights, (1, 0, 0, 2): 119 * of_weights}
    smallest = 2.0**-63  # its square is the smallest normal number
    return [
        Special("subnormal-input", plain, note.format("All inputs are"), tags, scales=(UNIT, 1, 1), alternative=choice),
        Special("subnormal-input", same, note.format("All inputs are"), tags, scales=(UNIT, 1, 1), alternative=choice),
        Special(
            "subnormal-weights", plain, note.format("All weights are"), tags, scales=(1, UNIT, 1), alternative=choice
        ),
        Special("subnormal-products", one, note.format("All products are"), tags, scales=products, alternative=choice),
        Special(
            "subnormal-sums",
            plain,
            note.format("All products and sums are, two products to a sum"),
            tags,
            filter=two_taps,
            scales=products,
            alternative=choice,
        ),
        Special(
            "subnormal-sums",
            biased,
            note.format("All products, sums and biases are, one product to a sum"),
            tags,
            filter=one_tap,
            scales=products,
            alternative=choice,
        ),
        Special(
            "subnormal-bias",
            Geometry((1, 4, 5, 1), (1, 1, 1, 6), bias=True),
            note.format("All biases are, no product, and one sum"),
            tags,
            {(0, 1, 2, 0): -smallest},
            {(0, 0, 0, 0): smallest},
            {(filters,): value * 2.0**-130 for filters, value in enumerate((3, -5, 7, -11, 13, 9))},
            scales=(smallest, smallest, 1),
            alternative=choice,
        ),
        Special(
            "subnormal-input-normal-output",
            same,
            note.format("All inputs are, but no output"),
            tags,
            scales=(UNIT, 2.0**60, 1),
            alternative=choice,
        ),
        Special(
            "subnormal-one-pixel",
            Geometry((1, 5, 6, 1), (2, 2, 1, 3)),
            note.format("One input is, in an image of zeros, at a window's edge"),
            tags,
            {(0, ALL): 0, (0, 2, 3, 0): 77 * UNIT},
            thin="one pixel alone is not zero",
            alternative=choice,
        ),
        Special(
            "smallest-normal",
            same,
            "Catches flushing that begins too early, and formats of a shorter exponent: every product and sum is a "
            "multiple of 2^-126, the smallest normal number.",
            ("small",),
            scales=(2.0**-63, 2.0**-63, 1),
        ),
    ]


def large() -> list[Special]:
    """List numbers up to the largest, with sums that stay in range in every order."""
    tags = ("large",)
    sparse = {(0, 0, 0, 0): LARGEST, (0, 3, 4, 1): -LARGEST, (0, 5, 8, 0): LARGEST}
    return [
        Special(
            "large",
            Geometry((1, 5, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER, bias=True),
            "Catches formats of a shorter exponent, and sums of squares: numbers around 2^100.",
            tags,
            scales=(2.0**100, 1, 2.0**100),
        ),
        Special(
            "large-weights",
            Geometry((1, 5, 6, 2), (2, 3, 2, 4), (2, 1)),
            "Catches formats of a shorter exponent: weights around 2^107, inputs around 2^-30.",
            tags,
            scales=(2.0**-30, 2.0**107, 1),
        ),
        Special(
            "largest-halved",
            Geometry((1, 6, 9, 2), (2, 3, 2, 1)),
            "Catches an overflow on the way: the largest float32 among small numbers, with weights up to a half.",
            tags,
            sparse,
            scales=(1, 2.0**-8, 1),
        ),
        Special(
            "largest",
            Geometry((1, 4, 5, 1), (1, 1, 1, 3)),
            "Catches a largest float32 that does not survive multiplication by a power of two below 1, or by -1/2.",
            tags,
            {(0, 1, 2, 0): LARGEST, (0, 3, 4, 0): -LARGEST},
            {(0, 0, 0, 0): 0.5, (0, 0, 0, 1): -0.5, (0, 0, 0, 2): 2.0**-100},
        ),
    ]


def overflows() -> list[Special]:
    """List sums beyond the largest float32, which are infinite, and sums that overflow only in some orders."""
    tags = ("overflow",)
    choice = (
        "Either nothing overflows on the way, or a partial sum does, to an infinity of that sign: catches a NaN, and "
        "tells which it is. {}."
    )
    three = {(0, 0, 0): 1, (0, 0, 1): 2, (0, 0, 2): 4}
    weights = {
        (*place, filters): sign * weight
        for place, weight in three.items()
        for filters, sign in ((0, 1), (1, -1), (2, 2.0**-20))
    }
    pixel = {0: A, 1: B / 2, 2: C / 4}
    return [
        Special(
            "overflow-of-one-product",
            Geometry((1, 5, 7, 2), (2, 3, 2, 3), padding=EXPLICIT, explicit_pads=(1, 0, 2, 1)),
            "Catches saturation at the largest number, and an overflow that becomes NaN: one input of 2^127.",
            tags,
            {(0, 2, 3, 1): 2.0**127},
        ),
        Special(
            "overflow-of-one-product-negative",
            Geometry((1, 5, 7, 2), (3, 2, 2, 3), (1, 2)),
            "Catches saturation at the largest number, and an overflow without its sign: one weight of -2^125.",
            tags,
            filter={(2, 1, 0, 1): -(2.0**125)},
            input={(ALL, ALL, ALL, 0): 1536, (0, 3, 3, 0): -(2.0**14)},
        ),
        Special(
            "overflow-of-the-sum",
            Geometry((1, 4, 6, 3), (1, 1, 3, 3)),
            "Catches saturation at the largest number: no product overflows, but the sum of three of one sign does.",
            tags,
            {(0, 1, 2, 0): A, (0, 1, 2, 1): B / 2, (0, 1, 2, 2): -C / 4},
            weights,
        ),
        Special(
            "intermediate-overflow-channels",
            Geometry((1, 4, 6, 3), (1, 1, 3, 3)),
            choice.format("Three channels of one pixel"),
            (*tags, "intermediate-overflow"),
            {(0, 1, 2, c): value for c, value in pixel.items()},
            weights,
            alternative=INTERMEDIATE_OVERFLOW,
        ),
        Special(
            "intermediate-overflow-taps",
            Geometry((1, 6, 9, 1), (1, 3, 1, 3)),
            choice.format("Three neighbouring pixels"),
            (*tags, "intermediate-overflow"),
            {(0, 2, 3 + c, 0): value for c, value in pixel.items()},
            {(0, q, 0, f): value for (_, _, q, f), value in weights.items()},
            alternative=INTERMEDIATE_OVERFLOW,
        ),
    ]
