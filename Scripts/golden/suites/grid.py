"""Suite `grid`: the full cross product of batch, channels, filters, stride and padding."""

from itertools import permutations, product

from golden.problem.geometry import EXPLICIT, PADDINGS, Geometry, Pair
from golden.problem.naming import catches, name_of
from golden.suites.suite import Suite
from golden.vectors.case import Case
from golden.vectors.degeneracy import MOSTLY_ZERO

# Each value with the number from which its kernel, image and pads follow: whatever comes or goes, the other cases keep
# their names.
BATCHES = {1: 0, 2: 1, 3: 2}
CHANNELS = {1: 0, 3: 1, 4: 2, 6: 3}
FILTERS = {1: 0, 2: 1, 5: 2, 8: 3}
STRIDES = {(1, 1): 0, (2, 2): 1, (1, 2): 2, (2, 1): 3, (3, 2): 4}
SIZES = (3, 4, 4, 5, 4)  # of the above when the numbers were given
# Square, tall, wide, even, odd and 1x1. Their number and that of the images have no factor in common with the
# numbers of values above, so that each kernel and image meets every value. They stay: others come with own cases.
KERNELS = ((3, 3), (3, 2), (1, 1), (2, 3), (2, 2), (1, 3), (4, 1), (5, 3), (3, 4), (2, 1), (4, 4))
IMAGES = ((6, 7), (7, 5), (5, 6), (8, 6), (6, 5), (7, 8), (5, 9))
PADS = tuple(permutations((0, 1, 2, 3)))


def cases() -> list[Case]:
    """List the cross product; kernels, images and explicit pads rotate."""
    return [case_of(factors, turn_of(*factors)) for factors in product(BATCHES, CHANNELS, FILTERS, STRIDES, PADDINGS)]


def turn_of(batch: int, channels: int, filters: int, strides: Pair, padding: str) -> int:
    """Return the number of a combination."""
    numbers = (BATCHES[batch], CHANNELS[channels], FILTERS[filters], STRIDES[strides], PADDINGS.index(padding))
    turn = 0
    for number, size in zip(numbers, SIZES, strict=True):
        turn = turn * size + number
    return turn


def case_of(factors: tuple[int, int, int, Pair, str], turn: int) -> Case:
    """Return the case of one combination."""
    batch, channels, filters, strides, padding = factors
    geometry = Geometry(
        input=(batch, *IMAGES[turn % len(IMAGES)], channels),
        filter=(*KERNELS[turn % len(KERNELS)], channels, filters),
        strides=strides,
        padding=padding,
        explicit_pads=PADS[turn // len(PADDINGS) % len(PADS)],
    )
    reason = "windows that lie wholly in a pad give zero, as they must"
    allowed = {MOSTLY_ZERO: reason} if padding == EXPLICIT else {}
    return Case(name_of(geometry, "integer"), geometry, catches(geometry), allowed=allowed)


def coverage(cases: list[Case]) -> list[str]:
    """Prove that every combination occurs, and that each kernel and image meets every stride and padding."""
    factors = (BATCHES, CHANNELS, FILTERS, STRIDES, PADDINGS)
    geometries = [case.geometry for case in cases]
    seen = {(g.input[0], g.input[3], g.filter[3], g.strides, g.padding) for g in geometries}
    if seen != set(product(*factors)):
        raise ValueError("grid: a combination is missing")
    for values in (KERNELS, IMAGES):
        met = {(g.filter[:2] if values is KERNELS else g.input[1:3], g.strides, g.padding) for g in geometries}
        if met != set(product(values, STRIDES, PADDINGS)):
            raise ValueError("grid: a kernel or image does not meet every stride and padding")
    if {g.pads for g in geometries if g.padding == EXPLICIT} != set(PADS):
        raise ValueError("grid: an order of explicit pads is missing")
    shown = [", ".join("x".join(map(str, pair)) for pair in pairs) for pairs in (STRIDES, KERNELS, IMAGES)]
    return [
        f"All {len(seen)} combinations of batch {', '.join(map(str, BATCHES))}; channels "
        f"{', '.join(map(str, CHANNELS))}; filters {', '.join(map(str, FILTERS))}; stride (height x width) {shown[0]}; "
        f"padding {', '.join(PADDINGS)}.",
        f"Kernels {shown[1]} and images {shown[2]} rotate: each meets every stride with every padding.",
        "EXPLICIT pads are 0, 1, 2 and 3, each on another side, in every order.",
    ]


SUITE = Suite(
    name="grid",
    title="Full cross product of the everyday parameters",
    description=(
        "Every combination of batch, channels, filters, stride and padding, with kernels and image sizes rotating. "
        "Integer data: a direct engine matches bit for bit, so that no fault of indexing hides in a tolerance."
    ),
    cases=cases,
    coverage=coverage,
)
