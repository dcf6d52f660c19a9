"""Suite `scales`: every size at every level with every feature and with every other size, in both families of data."""

from functools import cache

import numpy as np

from golden.drawing.families import integer_bounds
from golden.problem.geometry import EXPLICIT, Geometry
from golden.problem.naming import INTEGER, REAL, name_of
from golden.suites.scales_levels import COLUMNS, FEATURE_OF, FEATURES, SIZE_OF, SIZES, TARGETS, indices, seen
from golden.suites.scales_possible import is_possible
from golden.suites.scales_table import products, read
from golden.suites.suite import Suite
from golden.vectors.case import Case
from golden.vectors.degeneracy import (
    CONSTANT_FILTER,
    EQUAL_BATCHES,
    EQUAL_CHANNELS,
    EQUAL_FILTERS,
    SYMMETRIC_FILTER,
)

FAMILIES = (INTEGER, REAL)
MOST_PRODUCTS = 20_000_000  # of a case
ALL_PRODUCTS = 600_000_000  # of the suite
STORED = 2**12  # bytes of tensors; beyond, a digest case takes less room
SELDOM = 0.05  # chance of a degeneracy, from which on it is allowed rather than drawn again
FEW = "so many of so few whole numbers cannot all differ"
PLACES = {
    "batch": "image {} of the batch",
    "channels of a group": "channel {} of a group",
    "filters of a group": "filter {} of a group",
    "groups": "group {}",
    "kernel height": "row {} of the kernel",
    "kernel width": "column {} of the kernel",
    "output rows": "output row {}",
    "output columns": "output column {}",
    **{name: f"a {name.replace(' ', ' of {} ', 1)}" for name in SIZES if name.startswith(("stride", "dilation"))},
    **{name: f"a {name.replace(' ', ' of {} ', 1)}" for name in SIZES if name.startswith("pad")},
}
PLAIN = ("no stride", "no dilation", "no bias", "plane", "oblong", "square")


@cache
def table() -> tuple[Geometry, ...]:
    """Return the geometries."""
    return tuple(read())


def cases() -> list[Case]:
    """List a case of either family for each geometry."""
    return [case_of(geometry, data) for geometry in table() for data in FAMILIES]


def case_of(geometry: Geometry, data: str) -> Case:
    """Return the case of a geometry with one family of data."""
    name = name_of(geometry, data, image=True)
    if geometry.padding == EXPLICIT:
        name = name.replace("explicit", "explicit_" + "_".join(map(str, geometry.pads)))
    kinds = repeated(geometry) if data == INTEGER else []
    return Case(
        name,
        geometry,
        note(geometry),
        data,
        tags=("scale",),
        allowed=dict.fromkeys(kinds, FEW),
        is_digest=stored_bytes(geometry) > STORED,
    )


def stored_bytes(geometry: Geometry) -> int:
    """Return how many bytes a case's tensors take: expected outputs in float64, all else in float32."""
    of_inputs = int(np.prod(geometry.input) + np.prod(geometry.filter)) + geometry.bias * geometry.filter[3]
    return 4 * of_inputs + 12 * int(np.prod(geometry.output))


def repeated(geometry: Geometry) -> list[str]:
    """Return the kinds of degeneracy that whole numbers come to by chance, for want of numbers enough to differ in."""
    batch, height, width, channels = geometry.input
    kh, kw, depth, filters = geometry.filter
    different = 2 * integer_bounds(geometry.products)[0] + 1.0

    def alike(slices: int, size: int) -> float:
        # Slices of one number are compared with their neighbours only.
        return slices / different if size == 1 else slices**2 / 2 / different ** min(size, 100)

    def mirrored(pairs: int) -> float:
        return filters / different ** min(pairs, 100) if pairs else 0

    chances = {
        EQUAL_BATCHES: alike(batch, height * width * channels),
        EQUAL_CHANNELS: alike(channels, batch * height * width) + alike(depth, kh * kw * filters),
        EQUAL_FILTERS: alike(filters, geometry.products),
        CONSTANT_FILTER: mirrored(geometry.products - 1),
        SYMMETRIC_FILTER: mirrored(kw * (kh // 2) * depth)
        + mirrored(kh * (kw // 2) * depth)
        + mirrored(kh * kw // 2 * depth) * (min(kh, kw) > 1)
        + mirrored(kh * (kh - 1) // 2 * depth) * (kh == kw),
    }
    return [kind for kind, chance in chances.items() if chance > SELDOM]


def note(geometry: Geometry) -> str:
    """Return one sentence: from which sizes on, and with which features, a fault shows; the largest sizes first."""
    sizes = {name: of(geometry) for name, of in SIZE_OF.items()}
    share = {name: size / max(SIZES[name]) for name, size in sizes.items() if size is not None and size > 1}
    largest = sorted(share, key=lambda name: -share[name])[:4] or ["batch"]
    *others, last = (PLACES[name].format(sizes[name]) for name in largest)
    places = f"{', '.join(others)} or {last}" if others else last
    features = [of(geometry) for of in FEATURE_OF.values()]
    return f"Catches faults that begin at {places}: {', '.join(f for f in features if f not in PLAIN)}."


def prove(geometries: list[Geometry]) -> dict[str, tuple[int, int]]:
    """Return, for each statement of coverage, how many combinations occur, and how many no geometry can have.

    Raises ValueError where a combination is possible and does not occur.
    """
    rows = indices(geometries)
    counts = {}
    for what, listed in TARGETS.items():
        covered = ruled_out = 0
        for target in listed:
            occur = seen(rows, target)
            columns = [COLUMNS[column] for column in target]
            for place in np.argwhere(~occur):
                lacking = {column.name: column.values[i] for column, i in zip(columns, place, strict=True)}
                if is_possible(lacking):
                    raise ValueError(f"{what}: {lacking} does not occur")
            covered, ruled_out = covered + int(occur.sum()), ruled_out + int((~occur).sum())
        counts[what] = (covered, ruled_out)
    return counts


def coverage(cases: list[Case]) -> list[str]:
    """Prove, for either family, that whatever can meet does meet, and that the work stays within bounds."""
    work = [products(case.geometry) for case in cases]
    if max(work) > MOST_PRODUCTS or sum(work) > ALL_PRODUCTS:
        raise ValueError(f"scales: {max(work)} products in one case, {sum(work)} in all")
    proofs = []
    for family in FAMILIES:
        try:
            proofs.append(prove([case.geometry for case in cases if case.data == family]))
        except ValueError as error:
            raise ValueError(f"scales, {family} data: {error}") from error
    counts = [
        f"All {covered} possible combinations of {what} occur, in integer and in real data; {ruled_out} more are "
        "proven impossible."
        for what, (covered, ruled_out) in proofs[0].items()
    ]
    sizes = "; ".join(f"{name} {', '.join(map(str, levels))}" for name, levels in SIZES.items())
    features = "; ".join(f"{name}: {', '.join(values)}" for name, values in FEATURES.items())
    return [
        f"Sizes: {sizes}. A stride counts where it steps to a second position, a dilation where it sets taps apart, "
        "a pad where it is given.",
        f"Features: {features}.",
        *counts,
        f"{round(sum(work) / 1e6)} million products in all, {round(max(work) / 1e6, 1)} million at most in a case.",
    ]


SUITE = Suite(
    name="scales",
    title="Every size with every feature",
    description=(
        "Sizes up to where blocks, tiles and tables end, each with each feature and with each other size, so that what "
        "goes wrong only from some size on, and only with some feature, is met. An array that covers all pairs of "
        "them, and many triples, at little cost; each geometry comes with integer and with real data. Most are digest "
        "cases."
    ),
    cases=cases,
    coverage=coverage,
)
