"""NaN at one place, for the suite `special`: it must reach every output that sees it, and no other."""

from math import nan

from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.suites.special_problem import ALL, Span, Special

TAGS = ("nan",)


def problems() -> list[Special]:
    """List all of them."""
    return [*in_image(), *in_tails(), *at_tiles(), *in_parts(), *unseen(), *in_filter()]


def in_image() -> list[Special]:
    """List NaN at the ends of the input and next to pads."""
    plain, padded = (3, 2, 3, 4), (3, 3, 2, 3)
    pads = (0, 1, 2, 3)
    note = "Catches a NaN that is lost, or spreads beyond the windows that see it: {}."
    return [
        Special(
            "nan-first", Geometry((2, 6, 7, 3), plain), note.format("the first element"), TAGS, {(0, 0, 0, 0): nan}
        ),
        Special(
            "nan-last",
            Geometry((2, 6, 7, 3), plain, padding=SAME_UPPER),
            note.format("the last element"),
            TAGS,
            {(-1, -1, -1, -1): nan},
        ),
        Special(
            "nan-at-top-left",
            Geometry((1, 6, 8, 2), padded, padding=EXPLICIT, explicit_pads=pads),
            note.format("the corner at which there is no pad above and two to the left"),
            TAGS,
            {(0, 0, 0, 1): nan},
        ),
        Special(
            "nan-at-bottom-right",
            Geometry((1, 6, 8, 2), padded, padding=EXPLICIT, explicit_pads=pads),
            note.format("the corner with one pad below and three to the right"),
            TAGS,
            {(0, -1, -1, 0): nan},
        ),
        Special(
            "nan-on-left-border",
            Geometry((1, 7, 9, 2), (2, 3, 2, 3), (2, 1), padding=SAME_LOWER),
            note.format("a row's first element, next to the pad and to the row before"),
            TAGS,
            {(0, 3, 0, 0): nan},
        ),
        Special(
            "nan-on-right-border",
            Geometry((1, 7, 9, 2), (3, 2, 2, 3), (1, 2), padding=SAME_UPPER),
            note.format("a row's last element, next to the pad and to the row behind"),
            TAGS,
            {(0, 3, -1, 1): nan},
        ),
        Special(
            "nan-dilated",
            Geometry((1, 9, 10, 2), (2, 3, 2, 3), dilations=(3, 2)),
            note.format("between the taps of most windows"),
            TAGS,
            {(0, 4, 5, 0): nan},
        ),
    ]


def in_tails() -> list[Special]:
    """List NaN in the last channel, and in the element behind the last channel of a pixel."""
    behind = (
        "Catches a tail of {} channels that is read beyond its pixel: the NaN in the next row's first channel must not "
        "reach this row, not even times zero."
    )
    last = "Catches a NaN in the last of {} channels that a tail drops, or spreads to its neighbours."
    found = []
    for channels in (1, 2, 3, 5, 6, 7, 9, 15, 17, 31, 33):
        geometry = Geometry((1, 4, 5, channels), (1, 1, channels, 3))
        note = behind.format(channels)
        found.append(
            Special("nan-behind-tail", geometry, note, (*TAGS, "tail"), {(0, 2, 0, 0): nan}, source="oneDNN#5717")
        )
    for channels in (3, 5, 7, 9, 17):
        geometry = Geometry((1, 5, 6, channels), (3, 2, channels, 2), padding=SAME_UPPER)
        note = behind.format(channels)
        found.append(
            Special("nan-behind-tail", geometry, note, (*TAGS, "tail"), {(0, 4, 0, 0): nan}, source="oneDNN#5717")
        )
    for channels in (4, 5, 8, 9, 16, 17):
        geometry = Geometry((1, 5, 7, channels), (2, 3, channels, 3), padding=SAME_LOWER)
        note = last.format(channels)
        found.append(Special("nan-in-last-channel", geometry, note, (*TAGS, "tail"), {(0, 2, 3, -1): nan}))
    return found


def at_tiles() -> list[Special]:
    """List NaN on either side of a tile's edge."""
    note = "Catches a tile of {} that spreads a NaN over all of itself, or misses it at its edge: column {}."
    found = []
    for tile, column in ((2, 1), (2, 2), (4, 3), (4, 4), (8, 7), (8, 8), (16, 15), (16, 16)):
        kernel = (3, 3, 2, 2) if column % 2 else (1, 3, 2, 2)
        geometry = Geometry((1, 5, 19, 2), kernel, padding=SAME_UPPER)
        found.append(
            Special(
                f"nan-at-column-{column}",
                geometry,
                note.format(tile, column),
                (*TAGS, "tile"),
                {(0, 2, column, 0): nan},
            )
        )
    for row in (3, 4):
        geometry = Geometry((1, 9, 7, 2), (3, 3, 2, 2), padding=SAME_UPPER)
        text = note.format(4, row).replace("column", "row")
        found.append(Special(f"nan-at-row-{row}", geometry, text, (*TAGS, "tile"), {(0, row, 2, 1): nan}))
    return found


def in_parts() -> list[Special]:
    """List NaN in one image, one group, one channel of a depthwise convolution."""
    note = "Catches a NaN that leaves its {}."
    grouped = Geometry((1, 5, 6, 9), (2, 3, 3, 6), padding=SAME_UPPER, groups=3)
    return [
        *(
            Special(
                f"nan-in-image-{image}",
                Geometry((3, 4, 5, 2), (2, 2, 2, 3), padding=SAME_UPPER),
                note.format("image"),
                TAGS,
                {(image, ALL, ALL, 1): nan},
            )
            for image in range(3)
        ),
        *(
            Special(f"nan-in-group-{group}", grouped, note.format("group"), TAGS, {(0, 2, 3, 3 * group + 2): nan})
            for group in range(3)
        ),
        *(
            Special(
                f"nan-in-channel-{channel}",
                Geometry((1, 5, 6, 5), (3, 3, 1, 5 * multiplier), padding=SAME_UPPER, groups=5),
                note.format("channel, in a depthwise convolution"),
                TAGS,
                {(0, ALL, ALL, channel): nan},
            )
            for channel, multiplier in ((3, 1), (4, 1), (0, 2))
        ),
        Special(
            "nan-in-channel-16",
            Geometry((2, 7, 9, 17), (3, 3, 1, 34), (2, 1), padding=SAME_UPPER, groups=17, bias=True),
            note.format("channel, or is lost, in a depthwise convolution of 17 channels with two filters to each"),
            TAGS,
            {(1, 3, 4, 16): nan},
        ),
        Special(
            "nan-in-channel-8",
            Geometry((1, 8, 9, 9), (2, 3, 1, 27), (1, 1), (2, 1), groups=9),
            note.format("channel, or is lost, in a dilated depthwise convolution with three filters to a channel"),
            TAGS,
            {(0, 4, 5, 8): nan},
        ),
    ]


def unseen() -> list[Special]:
    """List NaN that no window sees: the output is finite."""
    note = "Catches a read of what no window sees, {}: the output is finite."
    wide = (1, 8, 11, 2)
    return [
        Special(
            "nan-between-windows",
            Geometry(wide, (2, 2, 2, 3), (3, 3)),
            note.format("between windows"),
            TAGS,
            {(0, Span(2, None, 3)): nan, (0, ALL, Span(2, None, 3)): nan},
        ),
        Special(
            "nan-between-pixels",
            Geometry(wide, (1, 1, 2, 3), (2, 3)),
            note.format("between the pixels that a stride picks"),
            TAGS,
            {(0, Span(1, None, 2)): nan, (0, ALL, Span(1, None, 3)): nan, (0, ALL, Span(2, None, 3)): nan},
            source="tensorflow#1991",
        ),
        Special(
            "nan-between-taps",
            Geometry(wide, (2, 3, 2, 3), (2, 2), (2, 2)),
            note.format("between the taps of a dilated kernel"),
            TAGS,
            {(0, Span(1, None, 2)): nan, (0, ALL, Span(1, None, 2)): nan},
        ),
        Special(
            "nan-beyond-windows",
            Geometry((2, 8, 10, 2), (3, 2, 2, 3), (2, 3)),
            note.format("in the row and the columns that the last window leaves over"),
            TAGS,
            {(ALL, 7): nan, (ALL, ALL, Span(8, None)): nan},
        ),
        Special(
            "nan-beyond-windows-padded",
            Geometry((1, 6, 7, 2), (2, 3, 2, 3), (3, 4), padding=EXPLICIT, explicit_pads=(1, 0, 0, 3)),
            note.format("in the rows and the column that a pad and a stride leave over"),
            TAGS,
            {(0, Span(1, 2)): nan, (0, Span(4, 5)): nan, (0, ALL, 3): nan},
        ),
        Special(
            "nan-cropped",
            Geometry((1, 6, 8, 2), (2, 3, 2, 3), padding=EXPLICIT, explicit_pads=(-1, 0, 2, -2)),
            note.format("cropped away by a negative pad"),
            TAGS,
            {(0, 0): nan, (0, ALL, Span(6, None)): nan},
        ),
    ]


def in_filter() -> list[Special]:
    """List NaN in one weight or one bias: one map of the output is NaN, wherever the weight sees the image."""
    note = "Catches a NaN that leaves its filter: {}."
    found = []
    for filters in (3, 5, 9, 17):
        geometry = Geometry((1, 5, 6, 3), (2, 3, 3, filters))
        found.append(
            Special(
                "nan-in-last-filter", geometry, note.format(f"the last of {filters}"), TAGS, filter={(1, 2, 2, -1): nan}
            )
        )
    found += [
        Special(
            "nan-in-first-filter",
            Geometry((2, 5, 4, 4), (2, 2, 2, 6), (1, 2), (2, 1), groups=2),
            note.format("the first of one group"),
            TAGS,
            filter={(0, 0, 0, 3): nan},
        ),
        Special(
            "nan-in-bias",
            Geometry((1, 4, 5, 2), (2, 2, 2, 5), padding=SAME_UPPER, bias=True),
            note.format("a bias"),
            TAGS,
            bias={(3,): nan},
        ),
        *(
            Special(
                f"nan-in-bias-{last}",
                geometry,
                f"Catches a NaN in the bias that is lost, or leaves its filter: number {last} of {geometry.filter[3]}.",
                TAGS,
                bias={(last,): nan},
            )
            for last, geometry in (
                (4, Geometry((2, 6, 7, 3), (3, 3, 3, 5), (2, 1), padding=SAME_LOWER, bias=True)),
                (16, Geometry((1, 4, 6, 5), (1, 1, 5, 21), bias=True)),
                (7, Geometry((1, 5, 6, 4), (2, 3, 2, 8), padding=SAME_UPPER, groups=2, bias=True)),
                (8, Geometry((1, 6, 7, 9), (3, 3, 1, 9), dilations=(2, 1), groups=9, bias=True)),
            )
        ),
    ]
    return found
