"""NaN and infinities at the end of every axis, for the suite `special`: at sizes around vectors and tiles.

Each size meets each setting, and each of NaN and both infinities; sums have tens to hundreds of products.
"""

from dataclasses import dataclass
from math import inf, nan

from golden.answers.alternatives import PADDING_TIMES_INFINITY
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, VALID, Geometry, Pads, Pair
from golden.suites.special_problem import ALL, Places, Special

VALUES = {"nan": nan, "inf": inf, "minus-inf": -inf}
TAGS = {"nan": ("nan", "tail"), "inf": ("infinity", "tail"), "minus-inf": ("infinity", "tail")}
ZERO_TAGS = ("infinity", "nan", "tail")
THIN = "zero times what is not finite is what the case is about"
SIZES: dict[str, tuple[int, ...]] = {
    "batch": (3, 4, 5, 8, 9, 17),
    "rows": (8, 9, 13, 16, 17, 33),
    "columns": (8, 9, 16, 17, 32, 33),
    "channels": (8, 9, 16, 17, 32, 33),
    "filters": (8, 9, 16, 17, 21, 33),
    "groups": (3, 5, 8, 9, 16, 17),
}
LAST = {
    "batch": "image {} of the batch",
    "rows": "output row {}",
    "columns": "output column {}",
    "channels": "the last of {} channels",
    "filters": "the last of {} filters",
    "groups": "the last of {} groups",
}


@dataclass(frozen=True)
class Setting:
    """What a size is combined with; `zero` makes all of a filter zero, or of an image where the filter is special."""

    name: str
    kernel: Pair
    padding: str
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    groups: int = 1
    bias: bool = False
    zero: bool = False


SETTINGS = (
    Setting("plain", (3, 3), SAME_UPPER),
    Setting("stride 2 and a bias", (3, 3), SAME_LOWER, strides=(2, 2), bias=True),
    Setting("a dilation", (3, 1), SAME_UPPER, dilations=(2, 1)),
    Setting("groups", (2, 3), SAME_LOWER, (1, 2), groups=2),
    Setting("a filter that is all zero", (2, 2), SAME_UPPER, bias=True, zero=True),
)


def problems() -> list[Special]:
    """List all of them."""
    listed = []
    for axis, sizes in SIZES.items():
        for i, size in enumerate(sizes):
            for j, setting in enumerate(SETTINGS):
                if not (setting.groups > 1 and axis == "groups"):
                    listed.append(at_end(axis, size, setting, tuple(VALUES)[(i + j) % len(VALUES)]))
    return [*listed, *in_channel_tails(), *across_blocks(), *over_pads()]


def at_end(axis: str, size: int, setting: Setting, value: str) -> Special:
    """Return the problem with a value at the end of an axis of some size: in the input, or in the last filter."""
    in_filter = axis == "filters"
    groups = size if axis == "groups" else setting.groups
    sizes = {"batch": 1, "rows": 4, "columns": 5, "channels": 6, "filters": 3, axis: size}
    if in_filter and setting.zero:
        sizes["batch"] = 3
    # Groups divide channels and filters: the group is rounded up, and the last one has the tail.
    depth = -(-sizes["channels"] // groups) if axis != "groups" else 2
    filters = -(-sizes["filters"] // groups) if axis != "groups" else 1
    padding = VALID if in_filter else setting.padding
    height, width = image_of((sizes["rows"], sizes["columns"]), setting, padding)
    geometry = Geometry(
        (sizes["batch"], height, width, depth * groups),
        (*setting.kernel, depth, filters * groups),
        setting.strides,
        setting.dilations,
        padding,
        groups=groups,
        bias=setting.bias,
    )
    given, weights = places(axis, setting, geometry, VALUES[value])
    fault = "a NaN" if value == "nan" else "an infinity"
    of_setting = "an image that is all zero" if in_filter and setting.zero else setting.name
    combined = "" if setting.name == "plain" else f", with {of_setting}"
    return Special(
        f"{value}-at-end-of-{axis}-{size}",
        geometry,
        f"Catches {fault} that is lost, or spreads, in {LAST[axis].format(size)}{combined}.",
        ZERO_TAGS if setting.zero else TAGS[value],
        given,
        weights,
        thin=THIN if setting.zero else "",
    )


def image_of(outputs: Pair, setting: Setting, padding: str) -> Pair:
    """Return the smallest image with so many rows and columns of output, one column wider where it were square."""
    height, width = (
        (out - 1) * s + ((k - 1) * d + 1 if padding == VALID else 1)
        for out, s, k, d in zip(outputs, setting.strides, setting.kernel, setting.dilations, strict=True)
    )
    return height, width + (height == width)


def places(axis: str, setting: Setting, geometry: Geometry, value: float) -> tuple[Places, Places]:
    """Return what is put into the input and into the filter."""
    kh, kw = geometry.filter[:2]
    if axis == "filters":
        return ({(1,): 0} if setting.zero else {}), {(kh - 1, kw - 1, -1, -1): value}
    row = (geometry.output[1] - 1 if axis == "rows" else 2) * geometry.strides[0]
    column = (geometry.output[2] - 1 if axis == "columns" else 3) * geometry.strides[1]
    # The last filter sees the last channel, also in groups.
    return {(-1, row, column, -1): value}, ({(ALL, ALL, ALL, -1): 0} if setting.zero else {})


def in_channel_tails() -> list[Special]:
    """List infinities in the channels that blocks of eight leave over, all weights below a half.

    So small a weight brings a largest finite number, taken for the infinity, back into range: it shows.
    """
    deep: tuple[tuple[int, float, Geometry], ...] = (
        (8, inf, Geometry((1, 6, 7, 9), (3, 3, 9, 4), padding=SAME_UPPER)),
        (9, -inf, Geometry((2, 5, 6, 13), (2, 3, 13, 5), (1, 2), bias=True)),
        (16, inf, Geometry((1, 6, 9, 17), (1, 1, 17, 6), (2, 1))),
        (19, -inf, Geometry((1, 6, 8, 20), (3, 2, 10, 6), padding=SAME_LOWER, groups=2)),
        (32, -inf, Geometry((1, 7, 8, 33), (2, 2, 33, 3), (1, 1), (2, 3), bias=True)),
    )
    return [
        Special(
            f"inf-behind-eights-channel-{channel}",
            geometry,
            f"Catches an infinity that becomes the largest finite number in channel {channel}, which blocks of eight "
            "leave over: all weights are below a half.",
            ("infinity", "tail"),
            {(-1, 2, 4, channel): value},
            scales=(1, 2.0**-8, 1),
        )
        for channel, value, geometry in deep
    ]


def across_blocks() -> list[Special]:
    """List two infinities that meet only when the sums over blocks of channels are added, and one with each sign."""
    found = []
    for first, second, channels in ((0, 4, 5), (3, 8, 12), (0, 16, 17), (15, 16, 20), (7, 32, 33), (31, 64, 65)):
        geometry = Geometry((1, 6, 7, channels), (2, 3, channels, 5), (2, 1), padding=SAME_UPPER, bias=True)
        found.append(
            Special(
                f"inf-minus-inf-channels-{first}-{second}",
                geometry,
                f"Catches infinities that cancel, or one that hides the other, where channel {first} and channel "
                f"{second} are summed in different blocks.",
                ("infinity", "nan", "tail"),
                {(0, 2, 3, first): inf, (0, 2, 3, second): -inf},
                {(0, ALL, first, f): 3 for f in range(5)} | {(0, ALL, second, f): 2 + f % 2 for f in range(5)},
            )
        )
    return found


def over_pads() -> list[Special]:
    """List infinite and NaN weights of a late filter over pads, with strides and a bias and many products."""
    note = (
        "Either padding contributes nothing, or it is a zero that {} makes NaN: catches anything else, and tells which "
        "it is. Filter {} of {}, {} channels, a stride and a bias."
    )
    pads: Pads = (2, 0, 1, 3)
    found = []
    settings = ((17, 9, inf), (21, 17, -inf), (33, 5, nan), (20, 33, inf), (16, 16, -inf), (9, 65, nan))
    for turn, (filters, channels, value) in enumerate(settings):
        padding = (EXPLICIT, SAME_LOWER, SAME_UPPER)[turn % 3]
        geometry = Geometry(
            (1, 11, 13, channels),
            (3, 3, channels, filters),
            ((2, 2), (1, 2), (2, 1))[turn % 3],
            padding=padding,
            explicit_pads=pads if padding == EXPLICIT else (0, 0, 0, 0),
            bias=True,
        )
        weight = "a weight of NaN" if value != value else "an infinite weight"
        found.append(
            Special(
                "weight-over-pads",
                geometry,
                note.format(weight, filters - 1, filters, channels),
                ("nan" if value != value else "infinity", "padding-times-infinity", "tail"),
                filter={(0, 2, channels - 1, filters - 1): value},
                alternative=PADDING_TIMES_INFINITY,
            )
        )
    return found
