"""What is not finite under weights that are zero in all filters, for the suite `special`: the product is NaN.

Code that skips such weights, as code for pruned filters does, loses the NaN.
"""

from math import inf, nan

from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.suites.special_problem import ALL, Places, Special

NOTE = "Catches weights that are skipped where they are zero in all filters: times {} they are NaN. {}."
ZERO = {nan: "NaN", inf: "infinity", -inf: "minus infinity"}


def problems() -> list[Special]:
    """List all of them."""
    return [*at_one_tap(), in_one_channel()]


def at_one_tap() -> list[Special]:
    """List kernels of which one tap is zero in all channels and all filters; each place is under one tap at a time."""
    return [
        zero_tap("first", (0, 0), nan, Geometry((1, 6, 8, 3), (3, 2, 3, 4)), {(0, 2, 3, 1): nan}),
        zero_tap("middle", (1, 1), inf, Geometry((1, 6, 7, 4), (3, 3, 4, 5), padding=SAME_UPPER), {(0, 2, 3, 2): inf}),
        zero_tap(
            "last",
            (2, 1),
            -inf,
            Geometry((2, 9, 10, 5), (3, 2, 5, 3), (2, 2), padding=SAME_LOWER, bias=True),
            {(1, 4, 5, 4): -inf, (1, 5, 4, 0): -inf, (1, 4, 4, 2): -inf, (1, 5, 5, 1): -inf},
            "with a stride and a bias",
        ),
        zero_tap(
            "grouped",
            (0, 2),
            inf,
            Geometry((1, 6, 9, 6), (2, 3, 2, 9), padding=SAME_UPPER, groups=3),
            {(0, 3, 4, 0): inf, (0, 3, 4, 3): inf, (0, 3, 4, 5): inf},
            "in three groups",
        ),
        zero_tap(
            "depthwise",
            (1, 1),
            nan,
            Geometry((1, 7, 8, 9), (3, 3, 1, 9), padding=EXPLICIT, explicit_pads=(0, 2, 1, 0), groups=9, bias=True),
            {(0, 3, 4, ALL): nan},
            "depthwise",
        ),
        zero_tap(
            "dilated",
            (1, 0),
            -inf,
            Geometry((1, 8, 9, 3), (2, 2, 3, 17), dilations=(2, 3)),
            {(0, 4, 2, 0): -inf},
            "dilated, the zeros of either sign",
            zeros={(1, 0): 0, (1, 0, 1): -0.0},
        ),
    ]


def zero_tap(
    slug: str,
    tap: tuple[int, int],
    value: float,
    geometry: Geometry,
    given: Places,
    feature: str = "",
    zeros: Places | None = None,
) -> Special:
    """Return the problem in which a tap is zero and a value lies in the input."""
    where = f"Tap {list(tap)}" + (f", {feature}" if feature else "")
    return Special(
        f"zero-tap-{slug}",
        geometry,
        NOTE.format(ZERO[value], where),
        ("nan",) if value != value else ("infinity", "nan"),
        given,
        {tap: 0} if zeros is None else zeros,
    )


def in_one_channel() -> Special:
    """Return the problem in which all weights of a channel are zero, and NaN lies in it."""
    return Special(
        "zero-channel",
        Geometry((1, 6, 8, 9), (2, 3, 9, 5), (1, 2), padding=SAME_UPPER, bias=True),
        NOTE.format(ZERO[nan], "The last of nine channels"),
        ("nan",),
        {(0, 3, 4, 8): nan},
        {(ALL, ALL, 8): 0},
    )
