"""Suite `numerics`: real data that shows how an engine multiplies and adds."""

from collections.abc import Mapping
from dataclasses import dataclass

from golden.drawing import distributions
from golden.drawing.families import Draw, draw_reals
from golden.problem.geometry import Geometry
from golden.problem.naming import name_of
from golden.suites.suite import Suite
from golden.vectors.case import Case

Size = tuple[int, int, int]  # kernel height, kernel width, channels
FILTERS: dict[Size, bool] = {  # and whether there is a bias
    (1, 1, 1): False,
    (1, 1, 2): True,
    (3, 2, 2): False,
    (3, 3, 4): True,
    (2, 3, 24): False,
    (3, 5, 40): True,
    (3, 4, 96): False,
    (1, 1, 2050): True,
    (3, 3, 512): False,
}
# Where a path for long sums begins, and a short format's errors hide behind what a right sum may lose.
LONG_FILTERS: dict[Size, bool] = {
    (3, 3, 58): False,
    (1, 1, 528): True,
    (5, 5, 24): False,
    (3, 4, 70): True,
    (2, 4, 128): False,
    (1, 1, 1100): True,
    (3, 5, 100): False,
}


@dataclass(frozen=True)
class Distribution:
    """One way to draw real data, with what it catches, for which filters, and the fewest products that make sense."""

    name: str
    draw: Draw
    note: str
    least: int = 1
    may_have_bias: bool = True
    filters: Mapping[Size, bool] | None = None  # FILTERS where there are none of its own


DISTRIBUTIONS = (
    Distribution(
        "mixed",
        draw_reals,
        "Mixed signs, full mantissas: catches inputs rounded to TF32, bfloat16 or half, and short accumulators.",
    ),
    Distribution(
        "positive",
        distributions.draw_positive,
        "One sign: catches rounding that leans to one side, and accumulators that stop growing.",
    ),
    Distribution(
        "negative",
        distributions.draw_negative,
        "Every product negative: catches truncation towards zero, and an accumulator that starts above zero.",
    ),
    Distribution(
        "cancelling_near",
        distributions.draw_cancelling_near,
        "Neighbouring channels nearly cancel: catches inputs rounded to a shorter format, in pairs that round apart.",
        least=2,
        may_have_bias=False,
    ),
    Distribution(
        "cancelling_far",
        distributions.draw_cancelling_far,
        "The second half of the channels nearly cancels the first: catches partial sums kept in a shorter format.",
        least=2,
        may_have_bias=False,
    ),
    Distribution(
        "binades",
        distributions.draw_binades,
        "Magnitudes over many binades: catches fixed-point or half arithmetic, and scaling by the largest value.",
    ),
    Distribution(
        "small_onto_large",
        distributions.draw_small_onto_large,
        "One large product among small ones: catches accumulators in which the small ones vanish.",
        least=2,
    ),
    Distribution(
        "leaning",
        distributions.draw_leaning,
        "One sign, and factors that 8 or 16 bits always make smaller: catches long sums in pairs of bfloat16 numbers.",
        filters=LONG_FILTERS,
    ),
)


def cases() -> list[Case]:
    """List every distribution at every size for which it makes sense."""
    return [
        case_of(distribution, size, bias)
        for distribution in DISTRIBUTIONS
        for size, bias in (distribution.filters or FILTERS).items()
        if size[0] * size[1] * size[2] >= distribution.least
    ]


def case_of(distribution: Distribution, size: Size, bias: bool) -> Case:
    """Return the case of one distribution and filter: 3 x 5 outputs of each of 5 filters."""
    kh, kw, channels = size
    bias = distribution.may_have_bias and bias
    geometry = Geometry((1, kh + 2, kw + 4, channels), (kh, kw, channels, 5), bias=bias)
    name = f"{distribution.name}-{name_of(geometry, 'real')}"
    return Case(
        name,
        geometry,
        distribution.note,
        data="real",
        tags=("numerics", distribution.name, f"K{geometry.products}"),
        draw=distribution.draw,
    )


def coverage(cases: list[Case]) -> list[str]:
    """Say which distributions meet which numbers of products."""
    products = sorted({case.geometry.products for case in cases})
    return [
        f"Data: {', '.join(distribution.name for distribution in DISTRIBUTIONS)}.",
        f"Products to an element: {', '.join(map(str, products))}.",
    ]


SUITE = Suite(
    name="numerics",
    title="Arithmetic under strain",
    description=(
        "Real data: mixed signs, one sign, heavy cancellation, magnitudes over many binades, small values onto large "
        "ones, with up to thousands of products to an element. An engine with less than float32 precision fails here."
    ),
    cases=cases,
    coverage=coverage,
)
