"""Which combinations of sizes and features a convolution of the suite `scales` can have at all.

Rows and columns of an image are two axes that share nothing but a few features. Along each axis a geometry is sound if

- a dilation has taps to set apart;
- what is left of the image is at least as long as the dilation, so that no window has it between two taps;
- three windows of four or more touch the image: the rest is zero whatever the engine does;
- an image of one pixel has one output.

All sound axes are tabulated, so that a combination is impossible exactly where the tables have no entry for it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from golden.problem.geometry import EXPLICIT
from golden.suites.scales_levels import EXTENTS, MULTIPLIER, OUTPUTS, PADS, SIZES, STEPS, kind_of_pads

NONE, EFFECTIVE, MOOT = "none", "effective", "moot"
FOLLOWING = ("VALID", "SAME_UPPER", "SAME_LOWER", "causal")  # pads that follow from the rest
FREE = ("batch", "batch, roughly", "bias")
CHANNELS = (
    *("channels of a group", "filters of a group", "groups", "grouping", "multiplier"),
    *("channels of a group, roughly", "filters of a group, roughly"),
)
Chosen = Mapping[str, object]


def left_over(out: NDArray, k: NDArray, s: NDArray, d: NDArray, before: NDArray, after: NDArray) -> NDArray:
    """Return how many pixels of an axis are seen at least, without what crops take and a stride leaves over."""
    return (out - 1) * s + (k - 1) * d + 1 - np.maximum(before, 0) - np.maximum(after, 0)


def is_sound(
    seen: NDArray, out: NDArray, k: NDArray, s: NDArray, d: NDArray, before: NDArray, after: NDArray
) -> NDArray:
    """Return whether an axis is sound of which windows see so many pixels, with these pads."""
    before, after = np.maximum(before, 0), np.maximum(after, 0)
    early = np.clip(-(((k - 1) * d - before) // s), 0, out)  # windows that end before the image
    late = np.clip(out - -(-(seen + before) // s), 0, out)  # windows that begin behind it
    long_enough = (seen >= 1) & ((k == 1) | (seen >= d))
    return ((k > 1) | (d == 1)) & long_enough & (4 * (out - early - late) >= 3 * out)


@cache
def explicit_axes() -> dict[bool, NDArray[np.bool_]]:
    """Return which axes with given pads are sound, by output, kernel, stride, dilation, pad before and behind.

    By whether the image is one pixel long there.
    """
    levels = (OUTPUTS, EXTENTS, STEPS, STEPS, PADS, PADS)
    out, k, s, d, before, after = np.ix_(*(np.array(values, np.int32) for values in levels))
    least = left_over(out, k, s, d, before, after)
    most = least + s - 1
    is_whole = (before >= 0) & (after >= 0)
    one = is_whole & (out == 1) & (least <= 1) & (most >= 1) & is_sound(np.int32(1), out, k, s, d, before, after)
    more = ((most >= 2) | ((most >= 1) & ~is_whole)) & is_sound(most, out, k, s, d, before, after)
    return {True: one, False: more}


@cache
def same_axes() -> dict[bool, NDArray[np.bool_]]:
    """Return the same of SAME padding, by output, kernel, stride, dilation: every window touches the image."""
    out, k, s, d = np.ix_(*(np.array(values, np.int32) for values in (OUTPUTS, EXTENTS, STEPS, STEPS)))
    has_taps = (k > 1) | (d == 1)
    one = has_taps & (out == 1) & (d == 1) & (s >= 1)
    more = has_taps & (out * s >= 2) & ((k == 1) | (out * s >= d))
    return {True: one, False: more}


def is_possible(chosen: Chosen) -> bool:
    """Return whether some sound geometry has these values, by the columns' names."""
    return channels_fit(frozenset((n, v) for n, v in chosen.items() if n in CHANNELS)) and image_fits(
        frozenset((n, v) for n, v in chosen.items() if n not in CHANNELS and n not in FREE)
    )


@cache
def channels_fit(chosen: frozenset[tuple[str, object]]) -> bool:
    """Return whether channels, filters and groups can be like that together."""
    wanted = dict(chosen)
    for channels, filters, groups in product(*(levels(wanted, n) for n in CHANNELS[:3])):
        kind = "dense" if groups == 1 else "depthwise" if channels == 1 else "grouped"
        multiplier = MULTIPLIER[3] if kind == "depthwise" and filters > 1 else kind
        if wanted.get("grouping", kind) == kind and wanted.get("multiplier", multiplier) == multiplier:
            return True
    return False


def levels(wanted: Chosen, name: str) -> list[int]:
    """Return the levels of a size that are wanted."""
    exactly, roughly = wanted.get(name), wanted.get(f"{name}, roughly")
    return [v for v in SIZES[name] if exactly in (None, v) and (roughly is None or v in roughly)]


@cache
def image_fits(chosen: frozenset[tuple[str, object]]) -> bool:
    """Return whether kernel, outputs, strides, dilations and pads can be like that together."""
    wanted = dict(chosen)
    has_pads = any(name.startswith("pad at") for name in wanted)
    paddings = [wanted["padding"]] if "padding" in wanted else ("VALID", "SAME_UPPER", "causal", EXPLICIT)
    for padding in paddings:
        if has_pads and padding in FOLLOWING:
            continue
        if any(padded_fits(padding, rows, columns, wanted) for rows, columns in axes(wanted)):
            return True
    return False


def axes(wanted: Chosen) -> Iterator[tuple[dict, dict]]:
    """Yield what the wanted features ask of rows and of columns: each way of having them."""
    for kernel, stride, dilation, image in product(
        kernels(wanted.get("kernel")),
        strides(wanted.get("stride")),
        dilations(wanted.get("dilation")),
        images(wanted.get("image")),
    ):
        yield tuple({"k": kernel[a], "stride": stride[a], "dilated": dilation[a], "one": image[a]} for a in (0, 1))


def kernels(shape: object) -> list[tuple]:
    """Return the sets of kernel heights and widths that have a shape."""
    longer = frozenset(EXTENTS) - {1}
    one, three = frozenset({1}), frozenset({3})
    return {
        None: [(frozenset(EXTENTS), frozenset(EXTENTS))],
        "1x1": [(one, one)],
        "one row": [(one, longer)],
        "one column": [(longer, one)],
        "3x3": [(three, three)],
        "square": [(frozenset({k}), frozenset({k})) for k in longer - {3}],
        "oblong": [(frozenset({k}), longer - {k}) for k in longer],
    }[shape]


def strides(ways: object) -> list[tuple[str | None, str | None]]:
    """Return the strides of both axes that go some ways; None is any."""
    return {
        None: [(None, None)],
        "no stride": [(NONE, NONE)],
        "stride down": [(EFFECTIVE, NONE), (EFFECTIVE, MOOT)],
        "stride across": [(NONE, EFFECTIVE), (MOOT, EFFECTIVE)],
        "stride both ways": [(EFFECTIVE, EFFECTIVE)],
        "stride over one position": [(MOOT, NONE), (NONE, MOOT), (MOOT, MOOT)],
    }[ways]


def dilations(ways: object) -> list[tuple[bool | None, bool | None]]:
    """Return whether both axes are dilated."""
    return {
        None: [(None, None)],
        "no dilation": [(False, False)],
        "dilation down": [(True, False)],
        "dilation across": [(False, True)],
        "dilation both ways": [(True, True)],
    }[ways]


def images(shape: object) -> list[tuple[bool | None, bool | None]]:
    """Return whether both axes are one pixel long."""
    return {
        None: [(None, None)],
        "plane": [(False, False)],
        "image of one row": [(True, None)],
        "image of one column": [(False, True)],
    }[shape]


def padded_fits(padding: str, rows: dict, columns: dict, wanted: Chosen) -> bool:
    """Return whether both axes can be sound with a kind of padding."""
    if padding in ("VALID", "SAME_UPPER", "SAME_LOWER"):
        return all(bool(admitted(padding, a, axis, wanted)) for a, axis in enumerate((rows, columns)))
    if padding == "causal":
        single = rows | {"k": rows["k"] & {1}, "one": True}
        many = columns | {"k": columns["k"] - {1}}
        return (
            rows["one"] is not False
            and bool(admitted("VALID", 0, single, wanted))
            and bool(admitted("SAME_UPPER", 1, many, wanted))
        )
    down, across = (admitted(EXPLICIT, a, axis, wanted) for a, axis in enumerate((rows, columns)))
    if padding == EXPLICIT:
        return bool(down) and bool(across)
    if padding == "crops":
        return (any(map(crops, down)) and bool(across)) or (any(map(crops, across)) and bool(down))
    # The two pads of an axis, and whether one lies beyond the kernel, decide with those of the other axis.
    return any(
        kind_of_pads((*first[:2], *second[:2]), (first[2], second[2])) == padding
        for first, second in product(*([pads for pads in listed if not crops(pads)] for listed in (down, across)))
    )


def crops(pads: tuple[int, ...]) -> bool:
    """Return whether one of an axis's pads is negative."""
    return min(pads) < 0


def admitted(padding: str, axis: int, asked: dict, wanted: Chosen) -> list[tuple[int, int, int]]:
    """Return the (pad before, pad behind, extent) of an axis's sound geometries, one for each that matters.

    An extent stands for all that lie on the same side of both pads: it is 0 where a pad is as long, 999 where none is.
    """
    outs = frozenset(levels(wanted, ("output rows", "output columns")[axis]))
    kernels_ = asked["k"] & frozenset(levels(wanted, ("kernel height", "kernel width")[axis]))
    step = wanted.get(("stride down", "stride across")[axis])
    apart = wanted.get(("dilation down", "dilation across")[axis])
    pads = tuple(wanted.get(f"pad at the {side}") for side in (("top", "bottom"), ("left", "right"))[axis])
    return admitted_axis(padding, outs, kernels_, asked["stride"], step, asked["dilated"], apart, asked["one"], pads)


@cache
def admitted_axis(
    padding: str,
    outs: frozenset[int],
    kernels_: frozenset[int],
    stride: str | None,
    step: int | None,
    dilated: bool | None,
    apart: int | None,
    one: bool | None,
    pads: tuple[int | None, int | None],
) -> list[tuple[int, int, int]]:
    """Return what `admitted` does, of one axis and all that is asked of it."""
    if (step is not None and step > 1) or stride == EFFECTIVE:
        outs = outs - {1}
    if stride == MOOT:
        outs = outs & {1}
    steps = [s for s in STEPS if step in (None, s) and (stride is None or (s > 1) == (stride != NONE))]
    aparts = [d for d in STEPS if apart in (None, d) and dilated in (None, d > 1)]
    before, after = ([p for p in PADS if pad in (None, p)] for pad in pads)
    if padding == "VALID":
        before = after = [0]
    named = ((outs, OUTPUTS), (kernels_, EXTENTS), (steps, STEPS), (aparts, STEPS), (before, PADS), (after, PADS))
    if padding.startswith("SAME"):
        named = named[:4]
    chosen = [[of.index(value) for value in sorted(values)] for values, of in named]
    tables = same_axes() if padding.startswith("SAME") else explicit_axes()
    sound = np.any([picked(tables[is_one], chosen) for is_one in (True, False) if one in (None, is_one)], axis=0)
    if not sound.any():
        return []
    if padding != EXPLICIT:
        return [(0, 0, 999)]
    k, d = (np.array(sorted(values), int) for values in (kernels_, aparts))
    extent = ((k[:, None] - 1) * d + 1)[None, :, None, :, None, None]
    found = []
    longest = np.maximum(np.array(before)[:, None], np.array(after))
    for name, side in ((0, extent <= longest), (999, extent > longest)):
        for i, j in np.argwhere((sound & side).any(axis=(0, 1, 2, 3))):
            found.append((before[i], after[j], name))
    return found


def picked(values: np.ndarray, chosen: list[list[int]]) -> np.ndarray:
    """Return what `values[np.ix_(*chosen)]` does, in less time: axes of which little is chosen go first."""
    for axis in sorted(range(values.ndim), key=lambda axis: len(chosen[axis]) / values.shape[axis]):
        if len(chosen[axis]) < values.shape[axis]:
            values = values.take(chosen[axis], axis)
    return values
