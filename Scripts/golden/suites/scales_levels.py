"""What the suite `scales` lets meet: sizes at their levels, features, and which of them have to occur together."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from golden.problem.geometry import EXPLICIT, Geometry, Pair

BLOCKS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 128, 129, 255, 256)
OUTPUTS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 128, 129, 256)
EXTENTS = (*range(1, 14), 16, 31)
STEPS = tuple(range(1, 10))
PADS = (-3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 16)
SIZES: dict[str, tuple[int, ...]] = {
    "batch": (1, 2, 3, 4, 5, 8, 9, 16, 17, 32, 33),
    "channels of a group": BLOCKS,
    "filters of a group": BLOCKS,
    "groups": (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64),
    "kernel height": EXTENTS,
    "kernel width": EXTENTS,
    "output rows": OUTPUTS,
    "output columns": OUTPUTS,
    "stride down": STEPS,
    "stride across": STEPS,
    "dilation down": STEPS,
    "dilation across": STEPS,
    "pad at the top": PADS,
    "pad at the bottom": PADS,
    "pad at the left": PADS,
    "pad at the right": PADS,
}
FEATURES: dict[str, tuple[str, ...]] = {
    "grouping": ("dense", "grouped", "depthwise"),
    "padding": ("VALID", "SAME_UPPER", "SAME_LOWER", "four unequal pads", "pads beyond the kernel", "crops", "causal"),
    "stride": ("no stride", "stride down", "stride across", "stride both ways", "stride over one position"),
    "dilation": ("no dilation", "dilation down", "dilation across", "dilation both ways"),
    "kernel": ("1x1", "one row", "one column", "3x3", "square", "oblong"),
    "bias": ("no bias", "bias"),
    "image": ("plane", "image of one row", "image of one column"),
}
MULTIPLIER = ("dense", "grouped", "depthwise", "depthwise with a multiplier")
CLASSES: dict[str, tuple[range, ...]] = {
    "batch": (range(1, 2), range(2, 9), range(9, 34)),
    **dict.fromkeys(
        ("channels of a group", "filters of a group", "output rows", "output columns"),
        (range(1, 2), range(2, 9), range(9, 33), range(33, 129), range(129, 257)),
    ),
}


def moved(step: int, count: int) -> int | None:
    """Return a stride or dilation; None where there is nothing for it to step to."""
    return step if step == 1 or count > 1 else None


def is_causal(g: Geometry) -> bool:
    """Return whether each output of a single row sees nothing behind it."""
    reach = g.extent[1] - 1
    return (
        g.padding == EXPLICIT and g.input[1] == g.filter[0] == 1 and reach > 0 and g.explicit_pads == (0, 0, reach, 0)
    )


def pad_of(g: Geometry, side: int) -> int | None:
    """Return a pad that is given; None where it follows from the rest."""
    return g.pads[side] if g.padding == EXPLICIT and not is_causal(g) else None


SIZE_OF: dict[str, Callable[[Geometry], int | None]] = {
    "batch": lambda g: g.input[0],
    "channels of a group": lambda g: g.filter[2],
    "filters of a group": lambda g: g.filter[3] // g.groups,
    "groups": lambda g: g.groups,
    "kernel height": lambda g: g.filter[0],
    "kernel width": lambda g: g.filter[1],
    "output rows": lambda g: g.output[1],
    "output columns": lambda g: g.output[2],
    "stride down": lambda g: moved(g.strides[0], g.output[1]),
    "stride across": lambda g: moved(g.strides[1], g.output[2]),
    "dilation down": lambda g: moved(g.dilations[0], g.filter[0]),
    "dilation across": lambda g: moved(g.dilations[1], g.filter[1]),
    "pad at the top": lambda g: pad_of(g, 0),
    "pad at the bottom": lambda g: pad_of(g, 1),
    "pad at the left": lambda g: pad_of(g, 2),
    "pad at the right": lambda g: pad_of(g, 3),
}


def grouping_of(g: Geometry) -> str:
    """Return whether a geometry is dense, grouped or depthwise."""
    return "dense" if g.groups == 1 else "depthwise" if g.filter[2] == 1 else "grouped"


def multiplier_of(g: Geometry) -> str:
    """Return the grouping, and whether there is more than one filter to each channel of a depthwise convolution."""
    kind = grouping_of(g)
    return "depthwise with a multiplier" if kind == "depthwise" and g.filter[3] > g.groups else kind


def padding_of(g: Geometry) -> str:
    """Return the kind of padding; of several that explicit pads are, the first of crops, four unequal, beyond."""
    if g.padding != EXPLICIT:
        return g.padding
    return "causal" if is_causal(g) else kind_of_pads(g.explicit_pads, g.extent)


def kind_of_pads(pads: tuple[int, ...], extent: Pair) -> str:
    """Return the kind of four pads around a kernel of some extent."""
    if min(pads) < 0:
        return "crops"
    if len(set(pads)) == len(pads):
        return "four unequal pads"
    beyond = any(pad >= extent[side // 2] for side, pad in enumerate(pads))
    return "pads beyond the kernel" if beyond else "pads"


def ways(down: bool, across: bool, what: str) -> str:
    """Return in which directions something goes."""
    if down and across:
        return f"{what} both ways"
    return f"{what} down" if down else f"{what} across" if across else f"no {what}"


def stride_of(g: Geometry) -> str:
    """Return in which directions there is a stride; one over a single position counts where there is no other."""
    effective = [step > 1 and out > 1 for step, out in zip(g.strides, g.output[1:3], strict=True)]
    if max(g.strides) > 1 and not any(effective):
        return "stride over one position"
    return ways(*effective, "stride")


def dilation_of(g: Geometry) -> str:
    """Return in which directions the taps lie apart."""
    return ways(*(step > 1 and taps > 1 for step, taps in zip(g.dilations, g.filter[:2], strict=True)), "dilation")


def kernel_of(g: Geometry) -> str:
    """Return the shape of the kernel."""
    height, width = g.filter[:2]
    if min(height, width) == 1:
        return "1x1" if height == width else "one row" if height == 1 else "one column"
    return "3x3" if height == width == 3 else "square" if height == width else "oblong"


def image_of(g: Geometry) -> str:
    """Return whether the image has a height and a width."""
    return "image of one row" if g.input[1] == 1 else "image of one column" if g.input[2] == 1 else "plane"


FEATURE_OF: dict[str, Callable[[Geometry], str]] = {
    "grouping": grouping_of,
    "padding": padding_of,
    "stride": stride_of,
    "dilation": dilation_of,
    "kernel": kernel_of,
    "bias": lambda g: "bias" if g.bias else "no bias",
    "image": image_of,
}


@dataclass(frozen=True)
class Column:
    """One property of a geometry, with the values that have to occur."""

    name: str
    values: tuple
    of: Callable[[Geometry], object]

    def index(self, g: Geometry) -> int:
        """Return the index of a geometry's value among `values`; their number where it is none of them."""
        value = self.of(g)
        return self.values.index(value) if value in self.values else len(self.values)


def class_column(name: str, classes: tuple[range, ...]) -> Column:
    """Return the column of a size's classes, each named by its range."""

    def of(g: Geometry) -> range | None:
        return next((values for values in classes if SIZE_OF[name](g) in values), None)

    return Column(f"{name}, roughly", classes, of)


COLUMNS = (
    *(Column(name, levels, SIZE_OF[name]) for name, levels in SIZES.items()),
    *(Column(name, values, FEATURE_OF[name]) for name, values in FEATURES.items()),
    Column("multiplier", MULTIPLIER, multiplier_of),
    *(class_column(name, classes) for name, classes in CLASSES.items()),
)
INDEX = {column.name: position for position, column in enumerate(COLUMNS)}


def targets() -> dict[str, list[tuple[int, ...]]]:
    """Return, for each statement of coverage, the columns whose values have to occur in all possible combinations."""
    rough = [f"{name}, roughly" for name in CLASSES]
    features = [name if name != "grouping" else "multiplier" for name in FEATURES]
    named = {
        "two sizes": combinations(SIZES, 2),
        "a size and a feature": product(SIZES, FEATURES),
        "a size, roughly, and two features": ((size, *two) for size in rough for two in combinations(features, 2)),
        "two sizes, roughly, and a feature": ((*two, name) for two in combinations(rough, 2) for name in features),
    }
    return {what: [tuple(INDEX[name] for name in names) for names in listed] for what, listed in named.items()}


TARGETS = targets()


def indices(geometries: list[Geometry]) -> NDArray[np.int64]:
    """Return the index of each geometry's value in each column."""
    return np.array([[column.index(g) for column in COLUMNS] for g in geometries], np.int64)


def seen(rows: NDArray[np.int64], target: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which combinations of the values of a target's columns occur among rows."""
    table = np.zeros([len(COLUMNS[column].values) + 1 for column in target], bool)
    table[tuple(rows[:, column] for column in target)] = True
    return table[tuple(slice(0, -1) for _ in target)]
