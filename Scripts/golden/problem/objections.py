"""Why a problem has no output, and whether one thing alone is wrong with it."""

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from golden.problem.geometry import EXPLICIT, VALID, Geometry, Pair

LARGEST = 2**63 - 1  # of the sizes that an engine is told


def objections(geometry: Geometry, biases: int | None) -> list[str]:
    """Return why a problem has no output, whichever way one looks at it; empty for a valid one.

    `biases` is their number, None where there are none.
    """
    return unsound(geometry, biases) or too_large(geometry)


def unsound(geometry: Geometry, biases: int | None) -> list[str]:
    """Return which parameters make no sense, alone or beside each other, whatever the size of the image."""
    channels, (_, _, depth, filters), groups = geometry.input[3], geometry.filter, geometry.groups
    least_one = {
        "groups": groups,
        "stride height": geometry.strides[0],
        "stride width": geometry.strides[1],
        "dilation height": geometry.dilations[0],
        "dilation width": geometry.dilations[1],
        "kernel height": geometry.filter[0],
        "kernel width": geometry.filter[1],
    }
    found = [f"{name} is {value}, and must be at least 1" for name, value in least_one.items() if value < 1]
    if groups >= 1:
        unequal = {"channels": channels % groups, "filters": filters % groups}
        found += [f"{groups} groups do not divide the {name}" for name, rest in unequal.items() if rest]
        if depth * groups != channels:
            found.append(f"the filter is for {depth} channels in each of {groups} groups, the input has {channels}")
    if biases not in (None, filters):
        found.append(f"{biases} biases for {filters} filters")
    return found


def too_large(geometry: Geometry) -> list[str]:
    """Return why a problem with sound parameters has sizes that do not fit each other, or do not fit 64 bits."""
    sizes = padded_sizes(geometry)
    for size, extent in zip(sizes, geometry.extent, strict=True):
        if max(size, extent) > LARGEST:
            return [f"the padded input ({size}) or the dilated kernel ({extent}) does not fit 64 bits"]
    outputs = []
    for size, extent, stride in zip(sizes, geometry.extent, geometry.strides, strict=True):
        if geometry.padding in (EXPLICIT, VALID) and extent > size:
            return [f"the dilated kernel spans {extent}, the padded input {size}"]
        outputs.append((size - extent) // stride + 1)
    elements = geometry.input[0] * prod(outputs) * geometry.filter[3]
    return [f"the output has {elements} elements, which 64 bits do not count"] if elements > LARGEST else []


def padded_sizes(geometry: Geometry) -> Pair:
    """Return (height, width) of the input with its pads."""
    top, bottom, left, right = geometry.pads
    return (geometry.input[1] + top + bottom, geometry.input[2] + left + right)


def only_kernel_too_large(geometry: Geometry, biases: int | None) -> bool:
    """Return whether nothing is wrong but a kernel larger than the padded input: then an empty output is right too.

    Pads that crop more than there is leave no input that an output could be empty of: JAX, too, raises an error.
    """
    sizes, extents = padded_sizes(geometry), geometry.extent
    return (
        not unsound(geometry, biases)
        and min(sizes) >= 0
        and max(*sizes, *extents) <= LARGEST
        and geometry.padding in (EXPLICIT, VALID)
        and any(extent > size for size, extent in zip(sizes, extents, strict=True))
    )


def repairs(geometry: Geometry, biases: int | None) -> Iterator[tuple[str, Geometry, int | None]]:
    """Yield what one parameter can be repaired to, all else as it is: its name, the geometry, the number of biases.

    A negative number becomes positive and a zero one; sizes become what fits the others.
    """
    batch, height, width, channels = geometry.input
    kh, kw, depth, filters = geometry.filter

    def at_least_one(pair: Pair) -> Pair:
        return (abs(pair[0]) or 1, abs(pair[1]) or 1)

    groups = abs(geometry.groups) or 1
    yield "groups", replace(geometry, groups=groups), biases
    yield "strides", replace(geometry, strides=at_least_one(geometry.strides)), biases
    yield "dilations", replace(geometry, dilations=at_least_one(geometry.dilations)), biases
    yield "dilations", replace(geometry, dilations=(1, 1)), biases
    yield "kernel", replace(geometry, filter=(*at_least_one((kh, kw)), depth, filters)), biases
    yield "kernel", replace(geometry, filter=(1, 1, depth, filters)), biases
    yield "pads", replace(geometry, explicit_pads=(0, 0, 0, 0)), biases
    missing = [max(extent - size, 0) for extent, size in zip(geometry.extent, padded_sizes(geometry), strict=True)]
    yield "image", replace(geometry, input=(batch, height + missing[0], width + missing[1], channels)), biases
    yield "channels", replace(geometry, input=(batch, height, width, depth * groups)), biases
    yield "filter's channels", replace(geometry, filter=(kh, kw, channels // groups, filters)), biases
    yield "filters", replace(geometry, filter=(kh, kw, depth, -(-filters // groups) * groups)), biases
    yield "biases", geometry, filters


def repairable(geometry: Geometry, biases: int | None) -> list[str]:
    """Return the parameters of which each, repaired alone, makes a problem valid: none where two are wrong."""
    return list(dict.fromkeys(name for name, *repaired in repairs(geometry, biases) if not objections(*repaired)))
