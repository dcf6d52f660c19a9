"""The part of `README.md` that says how far each feature reaches: the largest size at which it occurs."""

from collections import defaultdict
from collections.abc import Mapping
from math import prod

from golden.problem.geometry import Geometry
from golden.problem.naming import INTEGER, REAL
from golden.suites.scales_levels import FEATURE_OF, FEATURES, MULTIPLIER, SIZE_OF, multiplier_of
from golden.suites.suite import Suite
from golden.vectors.case import OUTPUT, Case

HEADING = """\
## How far the cases reach

For each feature and size, the largest size at which the feature occurs, over all forward convolutions in float32: a
fault that shows from size N on, where there is that feature, is met up to here. One number where it is the same in
integer and in real data, else integer / real; - is never. A stride counts where it steps to a second position, a
dilation where it sets taps apart, a pad where it is given.
"""
SHORT = {
    "channels of a group": "channels a group",
    "filters of a group": "filters a group",
    "kernel height": "kernel h",
    "kernel width": "kernel w",
    "output rows": "rows",
    "output columns": "columns",
    "stride down": "stride h",
    "stride across": "stride w",
    "dilation down": "dilation h",
    "dilation across": "dilation w",
    "pad at the top": "top",
    "pad at the bottom": "bottom",
    "pad at the left": "left",
    "pad at the right": "right",
}
Reach = Mapping[tuple[str, str, str], int]


def features_of(geometry: Geometry) -> list[str]:
    """Return the features of a geometry, as the table names them."""
    return [multiplier_of(geometry), *(of(geometry) for name, of in FEATURE_OF.items() if name != "grouping")]


def reach(cases: list[Case]) -> Reach:
    """Return the largest size by (family, feature, size) over the cases that have an output with elements."""
    largest: dict[tuple[str, str, str], int] = defaultdict(int)
    for case in cases:
        geometry = case.geometry
        if (
            case.expect != OUTPUT
            or case.data not in (INTEGER, REAL)
            or not case.kind.is_plain
            or not prod(geometry.output) * geometry.products
        ):
            continue
        sizes = {name: of(geometry) for name, of in SIZE_OF.items()} | {"products": geometry.products}
        for feature in features_of(geometry):
            for name, size in sizes.items():
                if size:
                    key = (case.data, feature, name)
                    largest[key] = max(largest[key], size)
    return dict(largest)


def reach_text(listed: list[tuple[Suite, list[Case]]]) -> list[str]:
    """Return the lines of the table."""
    largest = reach([case for _, cases in listed for case in cases])
    sizes = [*SIZE_OF, "products"]
    features = [*MULTIPLIER, *(value for name, values in FEATURES.items() if name != "grouping" for value in values)]
    lines = [HEADING, f"| feature | {' | '.join(SHORT.get(name, name) for name in sizes)} |"]
    lines.append("|---" * (len(sizes) + 1) + "|")
    for feature in features:
        cells = (cell(*(largest.get((family, feature, size), 0) for family in (INTEGER, REAL))) for size in sizes)
        lines.append(f"| {feature} | {' | '.join(cells)} |")
    return [*lines, ""]


def cell(integer: int, real: int) -> str:
    """Return one cell: the largest size in integer and in real data."""
    shown = [str(size or "-") for size in (integer, real)]
    return shown[0] if integer == real else " / ".join(shown)
